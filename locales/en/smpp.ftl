# Channels by SMPP, and the settings of channels in general.

## Settings

channel-missing = A channel of kind { $kind } needs { $key }=…
channel-value = The value of { $key } is longer than { $max } letters or holds a control character.
channel-field = { $key } can have at most { $max } letters of the plain alphabet, without accents.
channel-number = { $key }={ $value } is not possible: use a whole number from { $min } to { $max }.
channel-choice = { $key }={ $value } is not known: use one of { $known }.
smpp-host = { $value } is no name of a host. Write it as in host=smsc.example.org port=2775
smpp-ca = The certificate in ca=… can’t be read: { $detail }. Give the text of the operator’s certificate in PEM, from -----BEGIN CERTIFICATE----- on.

## What mhero channel test finds

smpp-no-host = The name { $host } is not known. Check host=…, and whether this machine resolves names.
smpp-refused = Nobody listens at { $place }. Check port=…, and whether the operator’s VPN is up.
smpp-unreachable = No answer from { $place }. A firewall or a VPN that is down is the usual reason: ask the operator to let this machine in.
smpp-tls = The connection to { $place } can’t be encrypted: { $detail }. Check tls=…, and ca=… where the operator has a certificate authority of its own.
smpp-closed-at-bind = { $place } closed the connection before it answered the bind. Most often the address is not allowed: ask the operator to allow { $address } (or the address that your network shows to the outside).
smpp-no-answer = { $place } took the connection but did not answer the bind. Check that the port is the one for SMPP, and tls=….
smpp-password = The SMS centre refuses the password. Check password=… with the operator.
smpp-system-id = The SMS centre does not know the name { $system_id }. Check system_id=… with the operator.
smpp-already-bound = The account is bound already, from elsewhere or too often. Unbind the other program, or lower binds=… (here { $binds } connections).
smpp-no-transceiver = The SMS centre does not know binds that both send and receive. Set bind=separate.
smpp-bind-failed = The SMS centre refuses the bind: { $code }. Tell the operator this code, the name (system_id) and this machine’s address { $address }.
smpp-unbound = { $place } has taken leave; mHero binds again by itself.
smpp-silent = { $place } does not answer any more; mHero binds again by itself.
smpp-lost = The connection to { $place } broke; mHero binds again by itself.
smpp-sender = The SMS centre refuses the sender: { $code }. Messages wait. Check sender=… with the operator, and its type in source_ton and source_npi.
smpp-account = The SMS centre takes no text of this account: { $code }. Messages wait. Give the operator this code: most often there is no money left, or the account is not set up for sending.
smpp-tried-only = The bind works. It was tried once and given up again: a running server holds it.
