# What the staff of a facility answer about it: both answers kept, a further colleague asked, a reviewer decides.
wayback-place-asked = Two colleagues differ. A third of this facility has been asked.
wayback-place-nobody = Colleagues differ, and nobody else of this facility can be asked. You decide.
wayback-place-most-say = Colleagues differ. Most of them say so.
wayback-place-most-confirm = Colleagues differ. Most of them say what the record holds.
wayback-place-all-differ = Three or more answered, and no answer stands out. You decide.
wayback-place-alone = Only this person works here, so nobody else was asked.
wayback-place-one-answer = Only one person answered in two weeks.
wayback-choose-answer = Colleagues differ: choose one of their answers, or keep the record.
wayback-nobody-said = Nobody of this facility answered “{ $value }”. They said: { $known }.
changes-differ = Colleagues differ: all answers are kept, and the record stays until you decide.
changes-answers = What the staff answered
changes-colleague = A colleague
changes-take-answer = Take: { $value }
changes-keep-record = Keep the record
changes-field-open = Open
changes-field-power = Power
changes-field-water = Clean water
changes-field-staff_on_duty = Staff on duty
changes-place-fully = Fully
changes-place-partly = Partly
changes-place-closed = Closed
changes-place-grid = Grid
changes-place-solar = Solar
changes-place-none = None
changes-place-generator = Generator
changes-place-yes = Yes
changes-place-no = No
places-verified = verified on { $day }
places-waiting = { $n ->
    [one] 1 answer of its staff waits for a decision
   *[other] { $n } answers of its staff wait for a decision
}
