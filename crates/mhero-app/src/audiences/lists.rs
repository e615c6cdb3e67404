//! Lists that people leave one by one: `STOP EPI`. A programme is a list, under its code; so is a topic of the installation that has the
//! name of a group, for messages to that group.

use std::collections::HashSet;

use mhero_core::{GroupId, PersonId, ProgrammeId, Right};
use mhero_query::{Leaf, Predicate, fold};
use mhero_text::reply::Topic;

use crate::{App, AppError, Caller, flows::Programmes};

impl App {
    /// The programmes as lists, with what people call them.
    pub(crate) async fn programme_topics(&self) -> Result<Vec<Topic>, AppError> {
        let topic = |programme: mhero_store::Programme| Topic {
            words: programme.name.iter().map(|(_, name)| name.to_owned()).collect(),
            topic: programme.code,
        };
        Ok(self.store().programmes().await?.into_iter().map(topic).collect())
    }

    /// Who has left a list to which a message belongs: that of its programme, or of its only programmes whoever writes it; those of
    /// the groups that it goes to.
    pub(super) async fn left_lists_of(
        &self,
        caller: &Caller,
        predicate: &Predicate,
        programme: Option<ProgrammeId>,
    ) -> Result<HashSet<PersonId>, AppError> {
        let of = match (programme, self.programmes_of(caller, Right::Send).await?) {
            (Some(programme), _) => vec![programme],
            (None, Programmes::Of(own)) => own,
            (None, Programmes::All) => Vec::new(),
        };
        let mut lists: Vec<String> = Vec::new();
        if !of.is_empty() {
            let programmes = self.store().programmes().await?;
            lists.extend(programmes.into_iter().filter(|one| of.contains(&one.id)).map(|one| one.code));
        }
        let topics = self.installation_words().await?.control.topics;
        let mut groups = Vec::new();
        name_groups(predicate, &mut groups);
        if !groups.is_empty() && !topics.is_empty() {
            let all = self.store().groups(true).await?;
            let named = all.iter().filter(|group| groups.contains(&group.id));
            let names: HashSet<String> =
                named.flat_map(|group| group.name.iter().map(|(_, name)| fold(name)).collect::<Vec<_>>()).collect();
            let is_named = |topic: &Topic| names.contains(&fold(&topic.topic));
            lists.extend(topics.into_iter().filter(is_named).map(|topic| topic.topic));
        }
        let mut people = HashSet::new();
        for list in &lists {
            people.extend(self.store().people_who_left(list).await?);
        }
        Ok(people)
    }
}

/// Groups that a predicate asks its people to be in.
fn name_groups(predicate: &Predicate, named: &mut Vec<GroupId>) {
    match predicate {
        Predicate::Is(Leaf::Group(ids)) => named.extend(ids),
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().for_each(|part| name_groups(part, named)),
        _ => {}
    }
}
