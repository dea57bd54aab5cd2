//! People, and the sessions they are signed in with.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m01_accounts",
    sql: r"
CREATE TABLE users (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    username TEXT NOT NULL CHECK (length(username) BETWEEN 3 AND 50),
    username_norm TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL CHECK (length(email) <= 254),
    email_norm TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'moderator', 'developer', 'admin')),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'deleted')),
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);

-- Only a hash of the token is kept: who reads the table cannot sign in with it.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at {time} NOT NULL,
    last_seen_at {time} NOT NULL,
    expires_at {time} NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
",
};
