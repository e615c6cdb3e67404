//! Templates: text with expressions in it.

use std::{collections::BTreeSet, fmt, sync::Arc};

use crate::{
    context::{Context, TopLevels},
    env::Env,
    error::{ExprError, Problem, TemplateError},
    eval::Machine,
    limits::TEMPLATE_LENGTH_MAX,
    references::{Path, all_paths, references, unknown},
    syntax::{Expr, Expression, Piece, mentions, pieces},
    value::Value,
};

/// A text with expressions, parsed once.
#[derive(Clone, PartialEq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq)]
enum Part {
    /// What stands in the text, and what it means: `@@` means `@`.
    Text { source: String, text: String },
    /// An expression, or why it can't be read.
    Expression { source: String, expression: Result<Expression, ExprError> },
}

/// The text that a template gives, and what failed on the way.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text; an expression that failed added nothing.
    pub text: String,
    /// What failed, in the order of the template.
    pub problems: Vec<Problem>,
    /// What was read that is no longer to be used, in the words of [`Object::with_note`](crate::Object::with_note), each once.
    pub warnings: Vec<Arc<str>>,
}

/// The value that a template gives, and what failed on the way.
#[derive(Clone, Debug, Default)]
pub struct Evaluated {
    /// The value; [`Value::Error`] where the one expression of the template failed.
    pub value: Value,
    /// What failed, in the order of the template.
    pub problems: Vec<Problem>,
    /// As [`Rendered::warnings`].
    pub warnings: Vec<Arc<str>>,
}

/// A piece of a template as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Text that stays, `@@` as well.
    Text(&'a str),
    /// `contact.first_name` of `@contact.first_name`.
    Path(&'a str),
    /// What stands between `@(` and `)`.
    Expression(&'a str),
}

impl Template {
    /// Reads a template. Only these names start an expression after an `@`.
    ///
    /// # Errors
    /// [`TemplateError::TooLong`] over 10,000 characters. Expressions that can't be read are no error here, see
    /// [`Template::faults`].
    pub fn parse(text: &str, names: &TopLevels) -> Result<Self, TemplateError> {
        let length = text.chars().count();
        if length > TEMPLATE_LENGTH_MAX {
            return Err(TemplateError::TooLong { length });
        }
        Ok(Self::parse_any(text, names))
    }

    /// As [`Template::parse`], of any length, for a caller that has a limit of its own.
    pub fn parse_any(text: &str, names: &TopLevels) -> Self {
        let expression = |source: &str, inner: &str| Part::Expression {
            source: source.to_owned(),
            expression: Expression::parse(inner),
        };
        let parts = pieces(text, names).into_iter().map(|piece| match piece {
            Piece::Text(text) => Part::Text { source: text.to_owned(), text: text.to_owned() },
            Piece::At(source) => Part::Text { source: source.to_owned(), text: "@".to_owned() },
            Piece::Path(source, inner) | Piece::Expression(source, inner) => expression(source, inner),
        });
        Self { source: text.to_owned(), parts: parts.collect() }
    }

    /// The template as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The pieces of the template in order, for whoever shows it in colours.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.parts.iter().map(|part| match part {
            Part::Text { source, .. } => Segment::Text(source),
            Part::Expression { source, .. } => match source.strip_prefix("@(").and_then(|s| s.strip_suffix(')')) {
                Some(inner) => Segment::Expression(inner),
                None => Segment::Path(source.trim_start_matches('@')),
            },
        })
    }

    /// Whether there is no expression in it, so that everybody gets the same text.
    pub fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text { .. }))
    }

    /// The text for one context.
    pub fn render(&self, context: &dyn Context, env: &Env) -> Rendered {
        self.render_escaped(context, env, str::to_owned)
    }

    /// As [`Template::render`], with each result of an expression passed through a function first, e.g. for a query.
    pub fn render_escaped(&self, context: &dyn Context, env: &Env, escape: impl Fn(&str) -> String) -> Rendered {
        let mut rendered = Rendered { text: String::with_capacity(self.source.len()), ..Rendered::default() };
        let mut machine = Machine::new(context, env);
        for part in &self.parts {
            match part {
                Part::Text { text, .. } => rendered.text.push_str(text),
                Part::Expression { source, expression } => {
                    let value = evaluate(expression, &mut machine);
                    match machine.text(&value) {
                        Ok(text) => rendered.text.push_str(&escape(&text)),
                        Err(error) => rendered.problems.push(Problem { expression: source.clone(), error }),
                    }
                }
            }
        }
        rendered.warnings = machine.into_warnings();
        rendered
    }

    /// The value for one context. A template that is one expression and nothing else keeps the type of its value, which may be
    /// [`Value::Error`]; any other gives a text.
    pub fn value(&self, context: &dyn Context, env: &Env) -> Evaluated {
        let [Part::Expression { source, expression }] = self.parts.as_slice() else {
            let Rendered { text, problems, warnings } = self.render(context, env);
            return Evaluated { value: text.into(), problems, warnings };
        };
        let mut machine = Machine::new(context, env);
        let value = evaluate(expression, &mut machine);
        let problems = match &value {
            Value::Error(error) => vec![Problem { expression: source.clone(), error: error.clone() }],
            _ => Vec::new(),
        };
        Evaluated { value, problems, warnings: machine.into_warnings() }
    }

    /// The paths that the expressions read, each once, in the order of their first use. Only whole paths: `contact.fields.age`,
    /// not `contact` as well. A path ends where an index is computed. Names of functions and parameters are no paths.
    pub fn references(&self) -> Vec<Path> {
        let mut seen = BTreeSet::new();
        let all = self.expressions().flat_map(|(_, e)| references(e.tree()));
        all.filter(|path| seen.insert(path.clone())).collect()
    }

    /// As [`Template::references`], but every step of every use: `contact`, `contact.fields`, `contact.fields.age`, also twice.
    /// For whoever looks for what a flow depends on.
    pub fn paths(&self) -> Vec<Path> {
        self.expressions().flat_map(|(_, e)| all_paths(e.tree())).collect()
    }

    /// What is wrong whatever the context: brackets that are not closed, expressions that can't be read, functions that are not
    /// there, and names that are none of these top levels. For whoever writes the text.
    pub fn faults(&self, names: &TopLevels) -> Vec<Problem> {
        let mut faults = Vec::new();
        for part in &self.parts {
            let (source, errors) = match part {
                Part::Expression { source, expression: Err(error) } => (source, vec![error.clone()]),
                Part::Expression { source, expression: Ok(expression) } => (source, unknown(expression.tree(), names)),
                Part::Text { source, .. } if source.starts_with("@(") => {
                    (source, vec![ExprError::Syntax { at: String::new() }])
                }
                Part::Text { .. } => continue,
            };
            faults.extend(errors.into_iter().map(|error| Problem { expression: source.clone(), error }));
        }
        faults
    }

    /// Words after an `@` that are no known names and look like no e-mail address: `@contct.name`. They are sent as they stand,
    /// which is seldom what their writer meant.
    pub fn doubtful(&self) -> Vec<&str> {
        let texts = self.parts.iter().filter_map(|part| match part {
            Part::Text { source, text } if source == text => Some(text.as_str()),
            _ => None,
        });
        texts.flat_map(mentions).collect()
    }

    /// The template with each expression in canonical form; those that can't be read stay as they are.
    pub fn canonical(&self) -> String {
        self.rewritten(|tree| Some(tree.clone()))
    }

    /// The template with a top-level name replaced, e.g. `webhook` by `webhook.json`. Other expressions keep their exact text.
    /// A replacement that is no expression changes nothing.
    pub fn renamed(&self, from: &str, to: &str) -> String {
        let Ok(to) = Expression::parse(to) else { return self.source.clone() };
        self.rewritten(|tree| tree.renamed(from, to.tree()))
    }

    /// The template with expressions replaced. The function gets the tree of each expression that can be read; where it gives
    /// none, the expression keeps its exact text, as does all else. A new tree is printed in canonical form, after `@` if it is
    /// a path and the old one stood without brackets, else as `@(...)`. See [`Expr::mapped`] for changes deep in a tree.
    pub fn rewritten(&self, new: impl Fn(&Expr) -> Option<Expr>) -> String {
        let part = |part: &Part| match part {
            Part::Text { source, .. } => source.clone(),
            Part::Expression { source, expression } => match expression.as_ref().ok().and_then(|e| new(e.tree())) {
                Some(tree) if source.starts_with("@(") || !tree.is_path() => format!("@({tree})"),
                Some(tree) => format!("@{tree}"),
                None => source.clone(),
            },
        };
        self.parts.iter().map(part).collect()
    }

    /// The expressions that could be read, each with its source.
    pub fn expressions(&self) -> impl Iterator<Item = (&str, &Expression)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Expression { source, expression: Ok(expression) } => Some((source.as_str(), expression)),
            _ => None,
        })
    }
}

/// How many parts; the text may be about a person.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({} parts)", self.parts.len())
    }
}

/// The length and the kinds of problems; the text is what a person gets.
impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rendered({} bytes, {} problems)", self.text.len(), self.problems.len())
    }
}

fn evaluate(expression: &Result<Expression, ExprError>, machine: &mut Machine<'_>) -> Value {
    match expression {
        Ok(expression) => machine.value(expression),
        Err(error) => Value::Error(error.clone()),
    }
}
