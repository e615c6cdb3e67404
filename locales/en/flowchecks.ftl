### Checks of a flow before it is saved or imported: what will go wrong, and how to mend it.

## Ways

flowcheck-dead-end = Whoever answers “{ $category }” hears nothing more. Lead this answer to a node that replies, if only with thanks.
flowcheck-silent-end = The flow ends here after an answer, and nothing was said since. Add a message that closes the conversation.
flowcheck-unreachable = No way leads to this node, so nobody ever gets here. Connect it, or remove it.
flowcheck-loop = The flow can go in a circle of { $nodes } nodes without waiting for anybody, and is stopped when it does so for long. Add a wait, or make sure that the circle ends.
flowcheck-endless-loop = The flow goes in a circle of { $nodes } nodes without waiting and never leaves it, so it always fails. Add a wait or a way out.

## Texts

flowcheck-missing-translation = “{ $text }” has no translation. Translate it ({ $property }), or people get it in the language of the flow.
flowcheck-long-text = This message takes { $segments } SMS at least: { $units } letters, and one SMS holds { $room }. Say it shorter to pay for one.
flowcheck-costly-letters = The letters { $letters } leave room for 70 letters in an SMS instead of 160. Without them: { $text }
flowcheck-costly-alphabet = The letters { $letters } leave room for 70 letters in an SMS instead of 160. Keep the message short.

## Expressions

flowcheck-bad-expression = { $expression } can’t give a value. Correct it.
flowcheck-doubtful-mention = “{ $word }” is no known name, so people will read it as it stands. Correct the name, or write @@ if you mean the sign.
flowcheck-unknown-property = There is no { $path }. Correct the name after the last dot.
flowcheck-bad-pattern = The pattern { $pattern } can’t be read, so nothing ever matches it. Correct it.

## Results and local variables

flowcheck-result-never-made = The flow reads the result { $key }, which none of its nodes makes. Correct the name, or save the result before.
flowcheck-result-not-yet-made = On some ways the result { $key } is not there yet when it is read here. Save it on each of them, or write default(results.{ $key }, "").
flowcheck-local-never-set = The flow reads the local variable { $name }, which none of its nodes sets. Correct the name, or set it before.

## Things outside the flow

flowcheck-missing =
    { $kind ->
        [field] There is no field “{ $name }”. Create it, or choose another for it.
        [group] There is no group “{ $name }”. Create it, or choose another for it.
        [flow] There is no flow “{ $name }”. Import it too, or choose another.
        [channel] There is no channel “{ $name }”. Choose another.
        [global] There is no global value “{ $name }”. Create it, or choose another.
        [label] There is no label “{ $name }”. Create it, or choose another.
        [topic] There is no topic “{ $name }”. Create it, or choose another.
        [template] There is no message template “{ $name }”. Choose another.
        [user] There is no user “{ $name }”. Choose another.
       *[other] “{ $name }” is not there. Choose another.
    }

## Names

flowcheck-same-result-key = The results “{ $name }” and “{ $other }” are both kept as { $key }, so one writes over the other. Rename one of them.
flowcheck-same-category = Two answers are called “{ $name }”, so results can’t tell them apart. Rename one of them.
flowcheck-same-words = “{ $words }” already counts as “{ $category }”, so it never counts as “{ $other }”. Take the words out of one of them.
