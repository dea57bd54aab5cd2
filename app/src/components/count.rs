//! Numbers in sentences.

/// `1 word`, `12,408 words`.
pub fn counted(count: i64, one: &str) -> String {
    format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `1 reply`, `4 replies`.
pub fn replies(count: i64) -> String {
    format!("{} {}", grouped(count), if count == 1 { "reply" } else { "replies" })
}

/// Digits in groups of three.
pub fn grouped(count: i64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_and_one_is_singular() {
        assert_eq!(counted(1, "word"), "1 word");
        assert_eq!(counted(0, "word"), "0 words");
        assert_eq!(counted(1_234_567, "word"), "1,234,567 words");
        assert_eq!(counted(-123, "word"), "-123 words");
        assert_eq!(replies(1), "1 reply");
    }
}
