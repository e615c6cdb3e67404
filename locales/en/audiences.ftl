### Audiences, groups, people and places: what can't be done and why.

## Audiences

audiences-too-many-tests = With its groups opened this audience asks more than { $max } things of each person. Use fewer groups at once.
audiences-group-circle = The group “{ $group }” leads back to itself, or groups stand in one another more than five deep. Change its query.

## Groups

groups-name-empty = Give the group a name.
groups-name-long = The name is longer than { $max } characters. Make it shorter.
groups-name-taken = There is a group called “{ $name }” already. Choose another name, or change that group.
groups-query-not-allowed = A group can’t be kept by a query that asks about groups or about one person. Ask about cadre, place, training or another property.
groups-kept-by-query = A query keeps this group, so people can’t be put in or taken out one by one. Change its query.
groups-kept-by-hand = This group is kept by hand and has no query. Put people in or take them out.

## People

people-several = { $count } people answer to “{ $text }”. Name one of them by the id: { $list }
