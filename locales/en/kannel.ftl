# Kannel as a channel: what is wrong with its settings, what mhero channel test finds, why a text did not leave.

settings-channel-kannel = Kannel gateway


## What mhero channel test finds

kannel-unreachable = Nobody answers at { $host }. Start Kannel’s smsbox there, or correct url=… to the address and sendsms-port of kannel.conf.
kannel-silent = { $host } takes the connection but does not answer in time. Look whether bearerbox and smsbox run and what their logs say.
kannel-password = Kannel at { $host } refuses the user name, the password or the address of this server. Compare them with username, password and user-allow-ip of the group sendsms-user in kannel.conf.
kannel-sender = Kannel at { $host } wants to be told a sender. Add the channel anew with from=…, the short code, or set global-sender in kannel.conf.
kannel-path = { $host } answers, but there is no sendsms at { $path }. Correct url=…, for example http://{ $host }/cgi-bin/sendsms
kannel-busy = Kannel at { $host } takes nothing just now: its smsbox has lost the bearerbox, or its queue is full. Messages wait and leave when it takes them again.
kannel-fault = What answers at { $host } fails by itself. Look into the logs of smsbox, and of a web server before it.
kannel-stranger = What answers at { $host } is no Kannel. Correct url=… to the address and sendsms-port of kannel.conf.
kannel-no-smsc = Kannel runs, but no SMS centre is set up in it: texts would wait there. Add a group smsc to kannel.conf.
kannel-smsc-offline = Kannel runs, but it is connected to no SMS centre: { $names }. Texts would wait there. Ask the operator, or look into the log of bearerbox.
kannel-smsc-partly = These SMS centres are not connected: { $names }.
kannel-no-status = The status page at { $host } can’t be read, so nobody knows whether an SMS centre is connected. Correct admin=… to the address and admin-port of kannel.conf.
kannel-status-denied = The status page at { $host } refuses the password. Set admin_password=… to the status-password of kannel.conf.
kannel-no-callback = Without callback=…, the address at which Kannel reaches mHero, there are no delivery reports.
kannel-no-reports = With dlr_mask=0 there are no delivery reports.
cli-channel-works = The channel { $name } works: its gateway answers and knows us. Nothing was sent.
cli-channel-works-off = The channel { $name } works, but it is off: mhero channel on { $name }
cli-channel-remark = But: { $remark }
cli-channel-addresses = For the gateway of { $name } (these lines hold a secret):

## Why a text did not leave or arrive

cli-reason-kannel-no-phone = Kannel carries to phone numbers only
cli-reason-kannel-unreached = Kannel could not be reached
cli-reason-kannel-unanswered = Kannel did not answer in time
cli-reason-kannel-cut = the connection to Kannel ended before its answer
cli-reason-kannel-unsent = Kannel took nothing from this channel: see mhero channel test
cli-reason-kannel-not-now = Kannel took nothing just then
cli-reason-kannel-odd-answer = what answered in Kannel’s place could not be understood
cli-reason-kannel-refused = refused by Kannel
cli-reason-kannel-denied = the number is on a list of numbers that Kannel refuses
cli-reason-kannel-not-routable = Kannel has no operator for this number
cli-reason-kannel-undelivered = not delivered, says the operator
cli-reason-kannel-rejected = rejected by the operator
