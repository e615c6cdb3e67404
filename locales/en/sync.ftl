# Synchronisation: sources and their settings, runs, what they ask and why they fail.

## Sources

sync-source-name = The name of a source has at most { $max } characters. Shorten it.
sync-unknown-kind = There is no kind of source “{ $kind }”. Use one of: { $known }.
sync-unknown-key = This kind of source has no setting “{ $key }”. It has: { $known }.
sync-setting = The setting { $key } can’t be { $value }. Times are written 15m, 6h or 2d (every: 1m at least), schedule is a cron expression, shrink a percentage from 0 to 100.
sync-two-schedules = Give an interval (every) or set times (schedule), not both.
sync-settings-unreadable = The settings of the source { $source } can’t be read. Remove the source and add it again; what came from it stays.
sync-not-a-registry = The source { $source } is of the kind { $kind }: nothing can be pulled from it. Import files with mhero import.
sync-files-need-no-test = This is a set of files: there is nothing to connect to. Import with mhero import.
sync-unknown-field = There is no field “{ $field }”. Use one of: { $known }.
sync-user-phone = This is no phone number of the countries that are set up here. Write it with its country code, such as +231…

## Runs

sync-under-way = A run of the source { $source } is under way. Wait until it has ended.
sync-cut-short = The run broke off: the program was ended or the power failed. What had come is in; the next run begins where this one began.
sync-failed-inside = What came could not be stored: { $why }
sync-missing-untold = Some records could not be read at all, so nobody can say which are missing. Nothing was taken away for being missing.
sync-asks-removals = The source would take away { $people } of { $of_people } people and { $places } of { $of_places } places. More than { $percent } % goes only when an official says so.
sync-would-go = would go
sync-asks-no-more = This run no longer asks: somebody has answered, or a later run has been through.
sync-not-undoable = This run can’t be undone: it is { $state }.
sync-changed-since = It was changed since, and stays as it is.
sync-reason-unknown = The reason that was noted can’t be read any more.

## The command line

cli-source-set = The settings of { $name } are changed.
cli-source-removed = The source { $name } is removed.
cli-source-retired = The source { $name } is read no more: address, settings and schedule are removed. What came from it stays.
cli-source-works = The source { $name } answers and lets us in.
cli-source-queued = a run is wanted
cli-column-field = field
cli-column-sources = sources
cli-column-success = last success
cli-column-run = run
cli-column-began = began
cli-column-counts = counts
cli-column-verdict = verdict
cli-column-record = record
cli-column-where = where it stood
cli-user-phone-set = The phone of { $email } is changed.
cli-sync-failed = The run failed: { $why }
cli-sync-asks = { $why } All else is in. To let them go: mhero sync { $name } --allow-removals. To keep them: mhero sync { $name } --refuse-removals { $run }
cli-sync-refused = Nobody is taken away. The next run begins behind this one.
cli-sync-removed = { $n ->
    [one] { $n } record is no longer there.
   *[other] { $n } records are no longer there.
}
cli-sync-undone = { $restored } records are as they were before; { $kept } were changed since and stay.
cli-doctor-registry = The registry { $name }: { $why }
cli-doctor-registry-never = The registry { $name } has not been read yet. Type mhero sync { $name }
cli-doctor-registry-asks = The registry { $name } waits for your answer since { $since }: { $why }
cli-doctor-registry-fine = The registry { $name } was last read on { $since }.
cli-reason-on-leave = on leave

## SMS to administrators: only letters of GSM-7, at most 160 with their variables

alert-registry-silent = mHero: no news from the registry { $source } since { $since }. Open Registries in the console to see why.
alert-registry-never = mHero: the registry { $source } has not answered yet. Open Registries in the console to see why.

## Who is left out

out-on-leave = On leave
