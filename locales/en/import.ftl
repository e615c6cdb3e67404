### Importing registries and lists: what is wrong, and what to do about it.

## A whole file
import-file-not-found = { $file }: there is no such file. Check the path.
import-file-folder = { $file } is a folder. Name the files in it.
import-file-unreadable = { $file } can't be read ({ $detail }). Check that it is complete and that you may open it.
import-file-empty = { $file } is empty.
import-file-too-large = { $file } has { $size } MB; the limit is { $limit } MB. Split it into several files.
import-file-unsupported = { $looks ->
    [binary] { $file } is neither text nor a table
   *[other] { $file } looks like { $looks }
}, which can't be imported. Send a FHIR export (JSON), or a table as CSV or XLSX.
import-file-old-spreadsheet = { $file } is an old (.xls) or password-protected workbook. Open it in your spreadsheet program and save it as .xlsx without a password.
import-file-json = { $file }: the JSON is broken at line { $line }, column { $column }. Export the file again, or mend that place; nothing was imported from it.
import-file-json-ends = { $file } ends in the middle of a record, at line { $line }. The copy or download is incomplete: get it again; nothing was imported from it.
import-file-encoding = { $file }: the letters can't be read with certainty. Save it as UTF-8 (in Excel: “CSV UTF-8”) and try again.
import-file-quote = { $file }: the quotation mark opened in line { $line } is never closed. Close or remove it.
import-file-header = { $file }: none of the column names is known (found: { $found }). The first row must name the columns, for instance: name, first name, surname, phone, staff id, cadre, job, facility, district, county, language, sex, birth date, group, training.
import-file-sheet = { $file }: there is no sheet “{ $sheet }”. It has: { $sheets }.
import-file-spreadsheet = { $file } is damaged or no Excel workbook. Open it in your spreadsheet program, save it as .xlsx and try again.

import-notice-windows-1252 = The letters of this file were read as Windows-1252. Check that this word looks right: { $example }. If not, save the file as UTF-8 and import it again.
import-notice-sheets = Only the sheet “{ $sheet }” was read; these were not: { $others }.

## A record that can't come in
import-json-broken = The JSON is broken at line { $line }, column { $column }. Mend that place, or export it again.
import-record-too-large = The record is larger than { $limit } MB.
import-not-a-resource = This is no FHIR resource.
import-type-missing = The resource does not say what it is: resourceType is missing.
import-id-missing = This { $kind } has no id, so it could not be recognised when it comes again. Export it with ids.
import-entry-empty = This entry of the bundle has no resource; deletions are not imported.
import-row-too-long = The row has more cells than there are columns ({ $columns }). A comma or semicolon inside a text needs quotation marks around it.
import-row-of-nobody = The row names nobody: give a name, a phone or an id.

## A part that could not be used
import-text-cut = Longer than { $limit } characters; the rest was left out.
import-text-garbled = “{ $text }” has letters that were damaged before the file came here. Mend them at the source.
import-number-unreadable = “{ $text }” is no number.
import-date-unreadable = “{ $text }” is no date. Write it as 1988-04-02.
import-date-incomplete = “{ $text }” is no whole date. Write it as 1988-04-02.
import-date-ambiguous = “{ $text }” can be two different days. Write it as 1988-04-02.
import-date-future = { $text } has not come yet; it was left out. Mend the day at the source.
import-sex-unknown = “{ $text }” is not known as a sex.
import-language-unknown = “{ $text }” is not known as a language. Use its name or a code such as en, fr or kpe.
import-active-unknown = “{ $text }” does not say whether the person is in service; taken as yes.
import-cell-broken = The formula in this cell failed ({ $text }).
import-name-missing = There is no name.
import-phones-too-many = More than { $limit } phones; the rest was left out.
import-phone-rounded = The spreadsheet rounded this number and lost its last digits. Format the column as text and enter the number again.
import-reference-empty = The reference names nothing.
import-reference-unreadable = “{ $text }” can't be followed as a reference.
import-coordinates-impossible = { $text } is no place on earth.
import-position-without-person = The position names nobody.
import-position-without-place = The position names no place.
import-position-several-places = The position names { $count } places; only the first was used.
import-concept-without-code = This entry of the code system has no code.
import-training-without-person = The training names nobody.
import-training-without-course = The training names no course.

## What turns out while importing
import-source-nameless = Give the source a name.
import-source-exists = There is a source “{ $source }” already.
import-busy = Another import is running and does not end. Try again when it has.
import-taken-over = Another import has taken over from this one. Import again: what is in stays in.
import-into-demo = This is the synthetic country. Real people can't come into it: use another data folder for them.
import-demo-into-real = This installation has real people. The synthetic country can't come into it: use another data folder for it.
import-id-twice = “{ $id }” came before in this import. The later record counts.
import-identifier-shared = Two people share the identifier { $value }. They were kept apart; mend it in the registry.
import-place-circle = { $place } can't lie below { $above }, which lies below it. It was left where it was.
import-place-too-deep = { $place } can't lie below { $above }: the tree of places would get too deep.
import-place-ambiguous = “{ $text }” can be several places: { $candidates }. Add the district or county.
import-place-unknown = There is no place “{ $text }”. Mend the name, or import the places first.
import-place-new = There was no place “{ $text }”; it was made. If it is a misspelling, mend it and import again.
import-group-by-query = “{ $group }” is kept by its own rule, so nobody can be put into it.
