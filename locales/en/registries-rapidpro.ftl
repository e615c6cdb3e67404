# RapidPro as a source of people, and as a place where they are written to.

rapidpro-found = The workspace “{ $name }” answers.
rapidpro-holds = It has { $fields } fields and { $groups } groups.
rapidpro-has-globalid = It holds ids of registries (globalid): its contacts join the people of those records.
rapidpro-no-contacts = It has no contacts yet.
rapidpro-anonymous = This workspace hides the addresses of its contacts: nobody of it can be texted from here.

rapidpro-address-hidden = The workspace hides this address.
rapidpro-address-unreadable = “{ $text }” is no address.

rapidpro-token = { $host } does not take the token: { $detail } Take one from the settings of the workspace, of somebody who may see contacts.
rapidpro-not-here = { $host } answers with a page for people. Check the address: it is that of the front page.
rapidpro-refuses = { $host } refuses: { $detail }
rapidpro-no-list = { $host } answers something else than RapidPro does. Check the address, and what stands between mHero and the server.
rapidpro-paging-loop = The pages of { $path } go in a circle: page { $page } brings nothing new. Nothing more was read.
rapidpro-filter-ignored = The server ignores since when changes are wanted: { $count } contacts are older. All of them were read.

rapidpro-writes-contacts-only = Only contacts are written to RapidPro, and this is { $kind }.
rapidpro-contact-gone = The contact is not there any more.
rapidpro-too-long = The value of { $field } is longer than RapidPro takes.
rapidpro-key-differs = { $host } gave the new field another key than it should have. Rename the field there, or choose another key here.
rapidpro-out-taken = A contact there has this number or record, and is somebody else’s. Join the two here, or correct the number.
