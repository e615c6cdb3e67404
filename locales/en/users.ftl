### Users, sign-in, tokens, sealed secrets, backup: what is wrong, and what to do about it.

## Signing in
user-sign-in-wrong = Address or password is wrong. Check both; case matters in the password.
user-sign-in-wait = Too many wrong tries. Wait { $seconds } seconds, then try again.
user-sign-in-no-console = Your password is right, but none of your roles opens the console. Ask an administrator for a role.

## Users and roles
user-no-email = “{ $email }” is no e-mail address. Write one such as name@ministry.example.
user-email-taken = { $email } has a user already.
user-no-name = Write the person's name.
user-name-long = The name is longer than { $max } letters. Shorten it.
user-last-admin = This is the last administrator who can sign in. Give somebody else the role admin first.
user-role-not-narrowed = The role { $role } is for the whole country. Leave place and programme out.
user-role-needs-place = The role { $role } needs a place. Name the district or facility.
user-role-needs-programme = The role { $role } needs a programme. Name it.
user-programme-code = “{ $code }” can't be the code of a programme. Use letters, digits, - and _ only, at most 40.
user-programme-name = The programme has no name. Type one in English or French.
user-programme-name-unfit = “{ $name }” can't be a name. Use at most 200 letters, in one line.
words-list-means-all = “{ $word }” after STOP leaves all messages, so it can’t be a word for one list. Choose another word or code.
words-list-unknown = There is no audience called “{ $list }”. Type the name of one under Audiences.
user-programme-taken = There is a programme { $code } already.

## Passwords
user-password-short = The password has { $count } letters; it needs at least { $min }. A short sentence is easy to remember.
user-password-long = The password is longer than { $max } bytes. Shorten it.
user-password-one-letter = The password is one letter again and again. Choose another.
user-password-wrong = The present password is wrong.
user-password-not-hashed = The password could not be stored because the machine has too little memory. Try again later.
user-session-large = The session holds more than { $max } bytes. Sign out and in again.

## API tokens
token-name = A token needs a name of at most { $max } letters that says what it is for.
token-name-taken = There is a token “{ $name }” already. Choose another name; the name of a revoked token stays taken.

## Sealed secrets
seal-no-key = The key file holds no mHero key. Restore the file from your safe copy; without it, stored passwords of channels and registries must be entered again.
seal-does-not-open = A stored secret ({ $what }) does not open with this key. Use the key file that it was stored with, or enter the secret again.
seal-too-large = The secret is too large to be sealed.

## Backup and restore
backup-not-written = The backup could not be written ({ $detail }). Check the disk's free space and the path; what was written is incomplete, delete it.
backup-not-read = The backup could not be read ({ $detail }). Check the disk and the path.
backup-not-ours = This file is no backup of mHero.
backup-newer = This backup is from a newer mHero (schema { $found }; this one knows { $known }). Install that version or a later one, then restore.
backup-older = This backup is from an older mHero (schema { $found }; this one has { $known }). Restore it with the version that wrote it, then run `mhero migrate` with this one.
backup-damaged = The backup is damaged at the table { $table }. Use another copy; what was restored of it is incomplete.
backup-cut-short = The backup ends too early, after the table { $table }. Copy it again; what was restored of it is incomplete.
backup-target-used = This database is not empty (table { $table } holds rows). Restore into an empty one, or add --force to replace everything in it.
backup-differs = The table { $table } does not read back as it stands in the backup. The database is incomplete: check the disk, then restore again with --force.
