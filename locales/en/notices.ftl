notice-url = “{ $url }” is no address that can be told: write https://host/path.
notice-url-long = An address has at most { $max } characters.
notice-url-password = Put the password into a header (Authorization: …), not into the address: headers are kept sealed.
notice-headers = At most { $max } headers.
notice-header = The header “{ $name }” can't be used: a name of letters and hyphens, a value on one line; Host, Content-Type and the like are set by mHero.
alert-nobody = None of the recipients of CommunicationRequest { $id } is anybody here to whom a message could go.
