//! The parts of a query that a sentence builder shows as blanks, and their editing.

use crate::{Node, Query};

impl Query {
    /// How many parts there are that all must hold: the conditions or alternatives on the top level.
    pub fn parts(&self) -> usize {
        match &self.root {
            None => 0,
            Some(Node::And(children)) => children.len(),
            Some(_) => 1,
        }
    }

    /// One part as a query of its own. `None` when there is no such part.
    pub fn part(&self, index: usize) -> Option<Self> {
        self.nodes().get(index).map(|node| Self { root: Some((*node).clone()) })
    }

    /// The query with another in the place of one part. Unchanged when there is no such part.
    ///
    /// ```
    /// use mhero_query::parse;
    /// let query = parse("cadre = midwife AND place = Nimbara")?;
    /// let wider = query.replace_part(1, &parse("place = Nimbara OR place = Bondou")?);
    /// assert_eq!(wider.to_string(), "cadre = midwife AND (place = Nimbara OR place = Bondou)");
    /// assert_eq!(wider.remove_part(0).to_string(), "place = Nimbara OR place = Bondou");
    /// assert_eq!(wider.remove_part(0).remove_part(0).to_string(), "*");
    /// # Ok::<(), mhero_query::QueryError>(())
    /// ```
    #[must_use]
    pub fn replace_part(&self, index: usize, other: &Self) -> Self {
        let parts = self.nodes().into_iter().enumerate();
        let kept = parts.filter_map(|(at, node)| if at == index { other.root.clone() } else { Some(node.clone()) });
        Self { root: Node::all(kept.collect()) }
    }

    /// The query without one part.
    #[must_use]
    pub fn remove_part(&self, index: usize) -> Self {
        self.replace_part(index, &Self::everyone())
    }

    /// Both this query and the other.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { root: Node::all(self.root.iter().chain(&other.root).cloned().collect()) }
    }

    /// This query or the other, or both. Everybody, when one of them is that.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (&self.root, &other.root) {
            (Some(one), Some(two)) => Self { root: Node::any(vec![one.clone(), two.clone()]) },
            _ => Self::everyone(),
        }
    }

    /// All of these queries together, flat; everybody, when there is none.
    ///
    /// ```
    /// use mhero_query::{Operator, Property, Query};
    /// let age = |operator, value: &str| Query::condition(Property::Field("age".to_owned()), operator, value);
    /// let query = Query::all_of(&[age(Operator::Greater, "10"), age(Operator::Less, "20")]);
    /// assert_eq!(query.qualified(), "fields.age > 10 AND fields.age < 20");
    /// ```
    pub fn all_of<'a>(queries: impl IntoIterator<Item = &'a Self>) -> Self {
        Self { root: Node::all(queries.into_iter().filter_map(|query| query.root.clone()).collect()) }
    }

    /// Any of these queries, flat. Those that ask nothing are left out, so that an empty list is everybody.
    pub fn any_of<'a>(queries: impl IntoIterator<Item = &'a Self>) -> Self {
        Self { root: Node::any(queries.into_iter().filter_map(|query| query.root.clone()).collect()) }
    }

    /// The nodes on the top level that all must hold.
    fn nodes(&self) -> Vec<&Node> {
        match &self.root {
            None => Vec::new(),
            Some(Node::And(children)) => children.iter().collect(),
            Some(node) => vec![node],
        }
    }
}
