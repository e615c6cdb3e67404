# DHIS2 as a source of places and people.

registry-setting = The setting { $key } can't be “{ $value }”. Use one of: { $right }.

dhis2-found = { $name } answers: DHIS2 { $version }.
dhis2-version = This server says it is DHIS2 { $version }. mHero has been tried with { $oldest } to { $newest }; check what comes in.
dhis2-facility-level = Units from level { $level } ({ $name }) down count as facilities. Set facility_level if that is wrong.
dhis2-level-unknown = The server has no level “{ $value }”. It has: { $known }. Set facility_level to one of them.
dhis2-units-found = { $count } organisation units can be read.
dhis2-no-units = No organisation unit can be read. Give the account the units of the country, for search and for data output.
dhis2-users-found = { $count } users can be read.
dhis2-users-left-out = Users are left out; places come in all the same. To read users, give the account the right to see them; to leave them out for good, set “Take users as people” (users) to no.
dhis2-units-too-many = This user belongs to { $count } units; only the first { $limit } become positions.

dhis2-not-dhis2 = { $address } answers, but not as a DHIS2 does. Check the address: it is that of the front page, with the path behind the host if there is one.
dhis2-not-here = No DHIS2 answers at { $address }. It may stand at a path of its own: look at the address of its front page and take all of it up to /dhis-web.
dhis2-login-page = { $host } shows its log-in page: nobody was let in. Check the token, or user name and password; an account with two-factor log-in needs a token.
dhis2-401 = { $host } does not let us in. Check the token (it may have expired, or be for other addresses), or user name and password.
dhis2-403 = { $host } does not allow this account to read { $path }: { $detail }
dhis2-refuses = { $host } refuses { $path }: { $detail }
dhis2-no-list = { $host } answers something that is no list. Check the address, and what stands between mHero and the server.
dhis2-paging-loop = The pages of { $path } go in a circle: page { $page } brings nothing new. Nothing more was read.
dhis2-filter-ignored = The server ignores since when changes are wanted: { $count } of { $path } are older. All of them were read.
dhis2-count-differs = The server says that there are { $total } { $path }, and { $came } came. What is missing is kept; it is asked again.

dhis2-writes-users-only = Only users are corrected in DHIS2, and this is { $kind }.
dhis2-no-attribute = This DHIS2 has no attribute { $attribute }. Add it for organisation units, or change the setting place_attributes.
dhis2-unit-field-not-written = The setting place_attributes of this source names these values of places: { $fields }. Others are not written.
dhis2-field-not-written = Only these are corrected in DHIS2: { $fields }.
dhis2-no-json-patch = This server can't be corrected: it is older than { $oldest }.
dhis2-not-kept = The server said that it took the correction, and does not hold it.
