### Further words of the console's pages: errors that say their own reason, settings, the audit as sentences.

error-impossible = This could not be done
error-impossible-why = Nothing was sent or changed.
error-empty = This installation has no country yet
error-empty-why = Nothing was sent. Run “mhero init” on the machine, then open this page again.
account = Your account
