# Mail as a channel: its settings, what mhero channel test finds, why a mail did not leave.

settings-channel-email = Mail
channel-why-email = For officials: what is written to people goes to their mail address, by your own mail server.
channel-email-host = Mail server
channel-email-from = Address that mails come from
channel-email-from-hint = With or without a name: Ministry of Health <mhero@moh.example>
channel-email-security = Protection
channel-email-security-starttls = STARTTLS, usually port 587
channel-email-security-tls = Encrypted from the beginning, usually port 465
channel-email-security-none = None: for a server on this machine
channel-email-subject = Subject
channel-email-subject-hint = Without it: the title of the broadcast, or how the text begins.
channel-email-reply-to = Address for answers
channel-email-reply-to-hint = mHero does not read mails: give an address that somebody reads.
channel-email-ca = Certificate of an authority of your own
channel-email-ca-hint = In PEM, where the server’s certificate is not signed by a public one.

mail-host = { $value } in host=… is no name of a server. Write it as in host=mail.moh.example, without https:// or an address.
mail-address = { $value } in { $key }=… is no mail address. Write it as in { $key }=Ministry of Health <mhero@moh.example>
mail-clear = With security=none anybody on the way could read the password. Choose starttls or tls, or leave user name and password out.
mail-subject = The subject may have { $max } letters, on one line.
mail-ca = What stands in ca=… is no certificate in PEM. It begins with -----BEGIN CERTIFICATE-----
mail-works = { $host } lets mHero in. Nothing was sent.
mail-unreachable = Nobody answers at { $host }. Correct host and port, or look whether this machine reaches it.
mail-silent = { $host } takes the connection but does not answer in time. With security=tls on a port for starttls, or the other way round, it looks like this.
mail-password = { $host } refuses user name or password.
mail-sender = { $host } refuses the address in from=…
mail-certificate = The connection to { $host } can’t be protected as set: the certificate is not trusted, or it speaks another kind of protection. Set security=…, or give the certificate in ca=…
mail-fault = The mail server { $host } refuses us or fails by itself. Ask whoever runs it.
cli-reason-mail-unsent = the mail server did not let us in: see mhero channel test
cli-reason-mail-not-now = the mail server took nothing just then
cli-reason-mail-unanswered = the mail server did not say whether it took the mail
cli-reason-mail-no-address = this is no mail address
cli-reason-mail-unwritten = it can’t be written as a mail
cli-reason-mail-no-mailbox = the mail server knows no such mailbox
cli-reason-mail-full = the mailbox is full
cli-reason-mail-rejected = refused by the mail server
