## The second factor of a person, and the ministry's own sign-in (OpenID Connect).

factor = Second factor
factor-lead = A code from your phone beside the password, so that a password that somebody has seen opens nothing.
factor-owed = Your account may send or approve messages, so a second factor is asked of you. Set it up here; the other pages open then.
factor-off = You have none. Your password alone signs you in.
factor-on-since = On since { $date }.
factor-codes-left = { $n ->
    [0] No recovery code is left: make new ones.
    [one] One recovery code is left.
   *[other] { $n } recovery codes are left.
}
factor-set-up = Set it up
factor-change = Change it
factor-before = You need a phone with an app for codes: Google Authenticator, Aegis, FreeOTP, Microsoft Authenticator or any other. It needs no network and sends no SMS.
factor-begin = Begin
factor-cancel = Not now
factor-step-1 = 1. Open the app on your phone
factor-step-2 = 2. Give it the secret
factor-step-3 = 3. Type the code that it shows
factor-app = In the app for codes, choose to add an account.
factor-scan = Point the phone’s camera at this picture.
factor-picture = A square picture that holds the secret for the app
factor-type = Or type these letters into the app:
factor-this-phone = The app is on this very device: hand the secret over
factor-confirm = Confirm
factor-is-on = The second factor is on. Other browsers were signed out.
factor-removed = The second factor was taken away. Other browsers were signed out.
factor-codes = Recovery codes
factor-codes-lead = Each signs you in once in place of a code, when your phone is lost.
factor-codes-once = They are shown this once. Write them down, or print this page, and keep them where your phone is not.
factor-codes-list = Ten codes
factor-codes-kept = I have kept them
factor-now-label = A code of now
factor-now-hint = From the app on your phone, or a recovery code
factor-new-codes = New recovery codes
factor-new-phone = Another phone
factor-remove = Take it away

## The code at the door
factor-code = The code from your phone
factor-code-label = Code
factor-code-hint = Six digits, from the app for codes
factor-paper = A recovery code
factor-paper-label = Recovery code
factor-paper-hint = One of the ten that you wrote down, such as k3mfp-7xw2c
factor-go-on = Go on
factor-use-paper = The phone is not at hand: use a recovery code
factor-use-code = Use the code from the phone
factor-lost = Neither phone nor recovery codes? Your administrator can take the second factor away, and you set it up again.
factor-again = Too many wrong codes. Sign in again with your password.
factor-code-wrong = This code is wrong, or was used already. Nothing was changed. Wait for the next one and type that; if it goes on, compare the clock of your phone.
factor-code-missing = A code of your second factor is missing: write it on the second line of standard input.
factor-not-set = A second factor is asked of your account, and you have none. Set it up on the page of your account in the console first.
factor-code-wait = Too many wrong codes. Wait { $seconds } seconds, then try again.
factor-nothing-waits = There is no new secret to confirm. Begin again.
factor-secret-odd = The secret can’t be used. Begin again.
factor-is-asked = A second factor is asked of your account, so that it can’t be taken away. Set up another phone instead.
factor-reset-own = Your own second factor is changed on the page of your account, with a code.

## Settings
settings-sign-in = Sign-in
settings-sign-in-lead = How people come in to the console.
factor-asked = Of whom a second factor is asked
factor-asked-hint = Who must have one and has none sets it up with the next page they open, and can do nothing else before. Who has one is always asked for a code.
factor-asked-nobody = Of nobody
factor-asked-senders = Of those who send or approve
factor-asked-everybody = Of everybody
factor-asked-unknown = Choose of whom a second factor is asked.
factor-have = { $n ->
    [one] { $with } of the one person who sends or approves has one.
   *[other] { $with } of the { $n } people who send or approve have one.
}
factor-fresh = A fresh code before approving, when the last is older than so many minutes
factor-fresh-hint = Asked of those who have a second factor. Empty: never
factor-minutes = The minutes must be from { $from } to { $to }, or empty.
factor-minutes-number = Minutes are a whole number, or empty for never.
settings-has-factor = Second factor
settings-factor-on = They have one.
settings-factor-off = They have none.
settings-factor-take = Take it away
settings-factor-reset = The second factor of { $name } was taken away, and they were signed out. Their password alone signs them in until they set up a new one.
settings-unlink = Forget who they are there
settings-unlinked = Forgotten. The next sign-in of { $name } there is matched by the e-mail address again.
cli-user-factor-reset = The second factor of { $email } was taken away, and all their sessions ended. Their password alone signs them in until they set up a new one.
cli-user-factor-none = { $email } has no second factor. Nothing was changed.

## The ministry's own sign-in
provider-in = Sign in with { $name }
provider-own = The ministry’s own sign-in
provider-button = On the button
provider-issuer = Issuer
provider-none = None is set up. An administrator of the server sets it up in [oidc] of the settings file.
provider-out = You are signed out here
provider-out-why = You may still be signed in at { $name }: whoever uses this computer next could come in by that. On a computer that several people use, sign out there too.
provider-out-there = Sign out of { $name } too
provider-down = { $name } does not answer as it should, so it can’t sign you in just now. Nothing was changed. Your password here still works; the server’s log says what is wrong.
provider-stale = This sign-in is too old, or did not begin in this browser. Nothing was changed. Try again from here.
provider-denied = The sign-in was refused there ({ $code }). Nothing was changed. Try again, or use your password here.
provider-not-believed = What came back could not be believed, so nobody was let in. Try again; if it goes on, tell your administrator.
provider-unverified = The sign-in there does not confirm your e-mail address, so we can’t tell who you are here. Ask who runs it to confirm the address, or use your password here.
provider-other-domain = Only people with an address at { $domains } come in this way. Ask your administrator for an account.
provider-no-account = Nobody here has the address { $email }. Ask your administrator to add you as a user with this very address, and sign in again.
provider-other-identity = The account with your address belongs to somebody else there. Ask your administrator to look at it under Settings, Users: “Forget who they are there”.
provider-shut-out = Your account here is shut out, or none of its roles opens the console. Ask your administrator.

## The audit
did-second-factor-begun = began to set up a second factor.
did-second-factor-set = set up a second factor.
did-second-factor-removed = took their second factor away.
did-second-factor-reset = took the second factor of { $whom } away.
did-second-factor-refused = typed a wrong code.
did-second-factor-rule = changed of whom a second factor is asked.
did-recovery-codes-made = made new recovery codes.
did-recovery-code-used = used a recovery code.
did-identity-linked = matched { $whom } with the ministry’s own sign-in.
did-identity-unlinked = forgot who { $whom } is at the ministry’s own sign-in.
did-provider-refused = refused a sign-in by the ministry’s own sign-in.

# The doctor's word on it.
cli-doctor-factor-on = A second factor is asked of those who send or approve.
cli-doctor-factor-off = No second factor is asked of anybody: a stolen password is enough to write to everyone. Settings, Sign-in: ask it of those who send or approve.
