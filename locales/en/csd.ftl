### CSD directories (OpenInfoMan, iHRIS 4): what is wrong, and what to do about it.

## A document
csd-broken = { $file }: the XML is broken at line { $line }. Export it again, or mend that place; nothing was imported from it.
csd-ends-early = { $file } ends in the middle, at line { $line }. The copy or download is incomplete: get it again; nothing was imported from it.
csd-document-type = { $file } has a document type (<!DOCTYPE) at line { $line }, which CSD never has and which can be used to do harm. It was not read. Export it again without.
csd-too-large = { $file } has elements nested too deep, or a single text that is too large, near line { $line }. That is no directory.
csd-other-xml = { $file } is no CSD directory: its outermost element is “{ $root }”. Of XML, only CSD can be read (from OpenInfoMan or iHRIS 4).
csd-other-namespace = { $file }: “{ $root }” belongs to “{ $found }”, not to CSD (urn:ihe:iti:csd:2013). Export it in that version.
csd-fault = { $file } answers with an error: { $text }

## A directory as a source
csd-document = The document { $value } is no name of one: use letters, digits, and - _ . ; separate several by commas.
csd-mode = The transaction (mode) can’t be { $value }: use updates (ITI-74), search (ITI-73) or document (the whole document each time).
csd-mode-needs-document = The transaction (mode) { $mode } needs a document: fill in its name in OpenInfoMan, such as Providers.
csd-number = The setting { $key } can’t be { $value }: use a whole number from { $min } to { $max }.
csd-answers = { $host } answers and lets us in.
csd-holds = “{ $document }” holds { $providers } health workers, { $facilities } facilities, { $organizations } organisations and { $services } services.
csd-empty = “{ $document }” holds nobody. Check its name, and whether OpenInfoMan has filled it (update_cache).
csd-ignores-since = { $host } sent records that had not changed since the last run. They were compared and left as they are.
csd-ignores-paging = { $host } sends everything at once instead of page by page. It works, and takes more time and memory.
csd-paging-loop = { $host } sends the same page again and again. Choose the transaction (mode) updates, or more records on a page (page).
csd-no-function = { $host } does not know the function { $function }; this part was not read.

## Writing back
csd-unwritable = The directory can’t take a change of { $field } here.
csd-bad-value = The new value of { $field } does not fit this directory.
csd-source-record = The record as last read can’t be understood any more. Read the source again (run now), then accept the change once more.
csd-not-kept = The directory took the change and still holds the old record. Check that its document may be changed.
