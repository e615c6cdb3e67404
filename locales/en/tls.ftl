# Encrypted connections.

cli-serve-tls = Encrypted: { $address }
cli-tls-listen = The address { $address } of encrypted connections can’t be used ({ $detail }). Stop what uses it, or name another as server.tls.listen.
cli-tls-unread = { $path } can’t be read ({ $detail }). Name the file in [server.tls], and let the account of mHero read it.
cli-tls-no-certificate = There is no certificate in { $path }. It must hold one in PEM: -----BEGIN CERTIFICATE-----
cli-tls-no-key = There is no private key in { $path }. It must hold one in PEM without a password: -----BEGIN PRIVATE KEY-----
cli-tls-mismatch = The key in { $key } does not belong to the first certificate in { $path }. Put the server’s own certificate first, then those of its authority, and name the key that it was asked for with.
cli-tls-odd = { $path } can’t be used: { $detail }. Ask for it anew from whoever made it.
cli-tls-no-authority = Certificates of clients are asked for, but nobody is named who signs them: server.tls.client_ca_file.
cli-doctor-tls = The certificate of { $subject } is good until { $ends }.
cli-doctor-tls-soon = The certificate of { $subject } ends on { $ends }. Ask for the next one now and put it in place of { $path }; mHero reads it by itself.
cli-doctor-tls-over = The certificate of { $subject } ended on { $ends }: nobody who checks it comes in. Put a new one in place of { $path }; mHero reads it by itself.
cli-doctor-tls-early = The certificate of { $subject } is good from { $begins } on only. Check the clock of this machine, or take the certificate before it.
cli-doctor-tls-name = The certificate is not for { $name } but for { $names }. Ask for one with this name, or correct server.tls.name.
cli-doctor-tls-nobody = nobody
cli-doctor-tls-key-open = Others on this machine can read the key of the certificate. Close it: chmod 600 { $path }
cli-doctor-tls-authority = The authority of clients { $subject } ended on { $ends }: none of its clients comes in. Put its new certificate into { $path }.
cli-doctor-tls-plain = Passwords travel in clear to { $address }, which is not this machine alone. Listen on 127.0.0.1 there, and elsewhere by TLS: [server.tls].
