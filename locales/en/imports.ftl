### Files of people in the console: brought, looked through, imported.

imports-head = Import a file
imports-lead = The file is looked through first. Nothing is written before you say so.
imports-file = File
imports-file-hint = A table (CSV, Excel), a FHIR export (JSON) or a CSD directory (XML), { $max } MB at most.
imports-source = Where it comes from
imports-source-hint = A file of the same source is compared with the earlier ones: rows that did not change change nothing.
imports-new = Or a new source
imports-new-hint = A short name, such as payroll or midwives.
imports-look = Look through it
imports-no-file = Choose a file.
imports-no-files = { $name } is a registry that is read by itself. Choose another source for the file, or give a new name.
imports-not-kept = The file can’t be kept on this server ({ $detail }). Free some space on its disk, or tell the administrator.
imports-not-written = The table can’t be written ({ $detail }).
imports-broke-off = The work broke off. What had come is in; bring the file again to complete it. The log of the server says why.
imports-looking = Looking through it. Nothing is written.
imports-importing = Importing. It goes on when you leave this page.
imports-far = { $n } records so far
imports-far-of = { $n } of { $total } records
imports-reload = Look again
imports-discarded = The file is thrown away. Nothing was imported.
imports-look-lead = From the source { $source }. Nothing is written yet.
imports-done-lead = From the source { $source }.
imports-would = What would happen
imports-done = What happened
imports-counts = Rows by what becomes of them
imports-read = { $n } rows read
imports-confirm = { $n ->
    [one] Import { $n } row
   *[other] Import { $n } rows
}
imports-nothing-new = Everything in this file is known already.
imports-discard = Throw the file away
imports-see-run = See the run
imports-undo = Undo the import
imports-another = Import another file
imports-mend = Refused rows with the reason beside each, to be mended and imported:
imports-mend-csv = CSV file
imports-mend-xlsx = Excel file
imports-columns = What the columns mean
imports-columns-why = Taken from their names. Correct what is wrong and look again; once you import, the source { $source } remembers it.
imports-column = Column
imports-sample = First cells
imports-meaning = Meaning
imports-look-again = Look again with these meanings
imports-rows = Row by row
imports-rows-all = All rows
imports-verdict = What becomes of it
imports-title-where = Where
imports-title-why = Why
imports-title-what = Record

## What becomes of a row

verdict-new = New
verdict-new-why = Nobody like this was known.
verdict-matched = Matched
verdict-matched-why = The person is known from another source; both records count.
verdict-changed = Changed
verdict-changed-why = It came before with other content.
verdict-duplicate = Duplicate
verdict-duplicate-why = Another row of the file has the same id; the later one counts.
verdict-rejected = Refused
verdict-rejected-why = It can’t come in as it stands.
verdict-warning = Warning
verdict-warning-why = The row comes in without this part.
verdict-unchanged = As before
verdict-unchanged-why = Nothing changes.
verdict-removed = Taken away
verdict-by = by { $by }

## What a column can mean

column-field = Field “{ $field }”
column-number-of = Number of { $system }
column-id = Id in this source
column-name = Name
column-given = Given name
column-middle = Middle name
column-family = Family name
column-phone = Phone
column-cadre = Cadre
column-job = Job title
column-facility = Facility
column-facility-id = Id of the facility
column-place = Place
column-county = County
column-region = Region
column-district = District
column-language = Language
column-sex = Sex
column-birth = Date of birth
column-groups = Groups
column-trainings = Trainings
column-active = In service: yes or no
column-start = Start of the position
column-end = End of the position
column-absence-reason = Reason of leave
column-absence-start = First day of leave
column-absence-end = Last day of leave
column-ignore = Leave it out
