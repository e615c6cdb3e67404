# Registries: how one is reached, and what is wrong when it does not answer as it should.

source-is-read-only = Corrections can’t be written to this registry. Write them out as a file for those who keep it.

## Settings

registry-url-missing = The address (url) of the registry is missing. Write it as in { $example }
registry-url = The address (url) { $value } is none of a registry. Write it as in { $example }, without user, password or question mark.
registry-value = The value of { $key } is too long or holds a line break.
registry-timeout = The patience (timeout) can’t be { $value }: use a whole number of seconds from { $min } to { $max }.
registry-auth-unknown = The way to be let in (auth) can’t be { $value }: use one of { $known }.
registry-auth-missing = To be let in by { $auth }, the source needs the setting { $key }: fill it in.
registry-token-url = The address of the log-in (token_url) { $value } is none. Write it as in https://login.example.org/token
registry-ca = The certificate authority (ca) { $value } holds no certificate. Give the file of the authority in PEM form: it begins with -----BEGIN CERTIFICATE-----
registry-ca-unreadable = The file { $value } of the certificate authority (ca) can’t be read ({ $detail }). Correct the path, or let the user that runs mHero read it.
registry-no-client = Encrypted connections can’t be made here: the certificates of the system can’t be read. Install the package ca-certificates.

## Why nobody answers

registry-name-unknown = Nobody knows the name { $host }. Correct the address (url) of the source, or ask those who run your network whether this server may look it up.
registry-refused = { $host } refuses connections: nothing listens there. Start the registry, or correct the port in the address (url) of the source.
registry-no-connection = No connection to { $host } comes about. Check the network between this server and the registry, and the firewall.
registry-connect-slow = No connection to { $host } came about in time. Often a firewall swallows it: ask for { $host } to be opened for this server.
registry-slow = { $host } takes the connection but does not answer in time. It may be overloaded; otherwise give it more seconds in the source’s patience (timeout).
registry-cut = { $host } ended the connection in the middle of its answer. Trying later helps; if it goes on, look into the registry’s log.
registry-tls = No encrypted connection to { $host } comes about. Check whether the address (url) of the source should begin with http:// instead, and the registry’s certificate.
registry-tls-issuer = The certificate of { $host } was issued by an authority that this server does not know. If it is your ministry’s own, give the file of its certificate in the source’s certificate authority (ca).
registry-tls-expired = The certificate of { $host } has expired, or is not valid yet. Renew it there, and check that the clock of this server is right.
registry-tls-name = The certificate of { $host } is for another name. Write the name that stands in the certificate in the address (url) of the source.

## What it answers

registry-401 = { $host } does not know us: user name, password or token are wrong, or another way to be let in (auth) is wanted. Correct them in the settings of the source.
registry-403 = { $host } knows us but does not let us read { $path }. Give the account the right to do so.
registry-404 = { $host } has nothing at { $path }. Correct the path in the address (url) of the source.
registry-busy = { $host } asks us to come back later: too many requests. The next run tries again.
registry-fault = { $host } fails by itself (status { $status }: { $detail }). Look into the registry’s log.
registry-status = { $host } refuses the request (status { $status }): { $detail }
registry-html = { $host } answers at { $path } with a web page for people instead of data: the address (url) of the source leads to its pages, or to a log-in page before it. Correct it.
registry-not-json = { $host } answers at { $path } with something that is no JSON. Correct the path in the address (url) of the source.
registry-too-large = An answer of { $host } is larger than { $limit } MB, which is not taken.
registry-redirects = { $host } sends us on and on. Correct the address (url) of the source to where it really stands.
registry-redirect-strange = { $host } sends us to an address that is none.
registry-redirect-open = { $host } sends us from an encrypted to an open connection ({ $to }), which is not followed.
registry-moved = { $host } wants the change at another address: { $to }. Correct the address (url) of the source.
registry-login-refused = { $host } refuses the log-in: correct user name and password (or client_id and client_secret).
registry-login-missing = { $host } has no log-in at { $path }. Correct the address of the log-in (token_url).
registry-login-odd = { $host } answers the log-in without a token. Correct the address of the log-in (token_url).

## Records

import-leave-without-person = The leave names nobody.
import-leave-without-days = The leave names no days.

## Settings (FHIR and iHRIS)

registry-choice = The setting { $key } can’t be { $value }: use { $known }.
registry-number = The setting { $key } can’t be { $value }: use a whole number from { $min } to { $max }.

## What a test of a FHIR server finds

registry-fhir-server = { $software } answers (FHIR { $version }). It can be asked for: { $kinds }.
registry-fhir-version = { $host } speaks FHIR { $version }; mHero reads R4 (4.0). Ask for the address of its R4 interface.
registry-fhir-no-metadata = { $host } does not say what it can do (nothing at /metadata). It is read as if it could do everything; a wrong path in the address (url) of the source is the other possibility.
registry-fhir-people = Health workers that can be read: { $count }.
registry-fhir-nobody = { $host } shows us no health worker. Look whether the account may read Practitioner.
registry-fhir-count-unknown = { $host } answers, but does not say how many health workers it holds.
registry-fhir-without = It can’t be asked for: { $kinds }. Without them nobody knows who works where.
registry-fhir-no-history = It keeps no history that can be asked for: who was removed is only seen when everything is read again.
registry-fhir-no-writes = It takes no corrections: they can be written out as a file.
registry-ihris-current = The records follow the current profiles of iHRIS 5.
registry-ihris-older = The records follow the older profiles of iHRIS 5, which are read as well.
registry-ihris-both = The records follow the current and the older profiles of iHRIS 5; both are read.
registry-ihris-people-only = The health workers follow the profiles of iHRIS 5; the places name none.
registry-ihris-none = No record follows a profile of iHRIS. If this is another FHIR server, add it as kind fhir.

## What a pull of a FHIR server meets

registry-fhir-ignores = { $host } leaves { $parameter } out of account and answers everything: all of it is read each time.
registry-fhir-anew = The settings of the source have changed: everything is read anew.
registry-fhir-endless = The pages of { $kind } go in a circle or never end (after { $pages } pages). What was read before stays; nothing is taken for removed.
registry-fhir-outcome = The server says about { $kind } that it did not do what was asked: { $detail }
registry-fhir-remark = The server remarks about { $kind }: { $detail }
registry-fhir-no-bundle = Asked for { $kind }, the server answers no list ({ $detail }). Correct the path in the address (url) of the source.
registry-fhir-fewer = Of { $kind } the server says that there are { $total }, and handed out { $found }. Nothing is taken for removed.
registry-fhir-entry-broken = This record can’t be read: it is no JSON or too large. The others came in.
registry-fhir-page-lost = The server no longer knows page { $pages } of { $kind }: it keeps a search for a few minutes only. What was read before stays, and the next run begins again; more records on a page (page) are faster.
registry-fhir-page-broken = This page broke off. What stood before came in; the next pull tries again.

## Why a correction was not written

registry-fhir-gone = { $host } no longer holds { $what }.
registry-fhir-not-writable = { $field } can’t be written into { $kind }.
registry-fhir-create-lacks = A new health worker can’t be created there without: { $fields }.
registry-fhir-create-odd = { $host } took the new { $kind } without saying which id it has.
