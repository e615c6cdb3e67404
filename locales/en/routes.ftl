# Which channel reaches which operator.

routes-title = Routes
routes-lead = By which channel each operator’s numbers are reached, and which one takes over where that is away for long. A message leaves by one of them only.
routes-no-operators = No operator is known yet. Name them with: mhero channel operators NAME=PREFIX,PREFIX
routes-others = Everybody else
routes-channel = Channel
routes-default = the first that is on
routes-cheapest = the cheapest by the price book
routes-cheapest-now = the cheapest by the price book (now { $channel })
routes-next = If it is away
routes-waits = what waits goes on waiting
routes-minutes = After how many minutes
routes-moved = { $count ->
    [one] { $count } message was given to the next channel.
   *[other] { $count } messages were given to the next channel.
}
routes-saved = The routes are saved. They hold for messages written from now on.
routes-link = Routes by operator

route-twice = { $name } has two routes. Leave one.
route-operator = There is no operator { $name }. Name it first: mhero channel operators NAME=PREFIX,PREFIX
route-prefix-twice = Numbers that begin with { $prefix } belong to two operators. Correct the operators first.
route-itself = { $name } can’t take over from itself. Choose another channel, or let what waits go on waiting.
route-minutes = The wait must be { $min } to { $max } minutes; { $value } is not.

did-routes-set = set the routes.
did-route-moved = gave what waited for a channel that was away to the next one.
route-no-price = No channel that is on has a price for { $name }. Enter prices under Costs first, or choose a channel.
route-no-price-others = No channel that is on has a price for everybody else. Enter prices under Costs first, or choose a channel.
