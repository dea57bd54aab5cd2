//! A backup that was cut, changed or made up is told from a whole one.

use serde_json::json;

use super::*;

fn like(n: u32) -> serde_json::Value {
    json!({ "post_id": format!("post-{n}"), "user_id": "mira", "created_at": "2026-03-01T12:00:00Z" })
}

fn backup(rows: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let head = Head::now("2026-03-01T12:00:00Z".parse().unwrap(), 7);
    let mut writer = Writer::begin(&mut file, &head).unwrap();
    (0..rows).for_each(|n| writer.row(Table::Likes, &like(n)).unwrap());
    assert_eq!(writer.end().unwrap(), u64::from(rows));
    file
}

/// A file that holds these lines.
fn packed(lines: &[&str]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    lines.iter().for_each(|line| writeln!(out, "{line}").unwrap());
    out.finish().unwrap()
}

#[test]
fn a_whole_backup_says_what_it_holds() {
    let contents = read(backup(40).as_slice()).unwrap();

    assert_eq!((contents.rows, contents.position), (40, 7));
    assert_eq!(contents.made_at.to_rfc3339(), "2026-03-01T12:00:00+00:00");
}

#[test]
fn cut_anywhere_it_is_refused() {
    let whole = backup(40);

    for length in 0..whole.len() {
        let cut = &whole[..length];
        assert!(read(cut).is_err(), "cut after {length} of {} bytes", whole.len());
    }
}

#[test]
fn with_any_bit_changed_it_is_refused_or_says_the_same() {
    let whole = backup(10);
    let contents = read(whole.as_slice()).unwrap();

    for index in 0..whole.len() {
        let mut changed = whole.clone();
        changed[index] ^= 1;
        // The head of a gzip file holds a time and a system, which say nothing about the content.
        if let Ok(read) = read(changed.as_slice()) {
            assert!(index < 10, "byte {index}");
            assert_eq!(read, contents);
        }
    }
}

#[test]
fn a_backup_with_fewer_rows_than_it_says_is_not_whole() {
    let row = format!(r#"{{"row":["post_likes",{}]}}"#, like(1));
    let head = r#"{"ficturesBackup":1,"madeAt":"2026-03-01T12:00:00Z","position":0}"#;

    let refused = read(packed(&[head, &row, r#"{"end":{"post_likes":2}}"#]).as_slice()).unwrap_err();
    let twice = read(packed(&[head, r#"{"end":{}}"#, &row]).as_slice()).unwrap_err();
    let odd =
        read(packed(&[head, r#"{"row":["post_likes",{"post_id":1}]}"#, r#"{"end":{"post_likes":1}}"#]).as_slice());

    assert_eq!(refused.to_string(), "this backup is not whole: it holds 1 rows, and should hold 2");
    assert!(twice.to_string().contains("something follows its end"), "{twice}");
    assert!(matches!(odd, Err(Damaged::Broken { line: 2, .. })), "{odd:?}");
}

#[test]
fn other_files_and_newer_forms_are_named_for_what_they_are() {
    assert!(matches!(read(b"a picture".as_slice()), Err(Damaged::Foreign)));
    assert!(matches!(read(packed(&[r#"{"name":"novel"}"#]).as_slice()), Err(Damaged::Foreign)));
    assert!(matches!(read(packed(&[r#"{"ficturesBackup":2,"colour":1}"#]).as_slice()), Err(Damaged::Newer(2))));
}
