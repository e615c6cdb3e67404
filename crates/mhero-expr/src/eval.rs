//! Walks a tree and computes its value.
//!
//! An error inside an expression is a value, so that functions such as `default` and `is_error` can look at it. Only a spent
//! budget or too deep a recursion end the whole evaluation; these come as `Err` and no function may catch them.

use std::sync::Arc;

use crate::{
    context::Context,
    env::Env,
    error::ExprError,
    limits::{COST_MAX, DEPTH_MAX},
    syntax::{Expr, Expression, Operator},
    value::{Frame, Function, Lambda, Object, Value, Writer},
};

/// What an evaluation may still cost.
#[derive(Debug)]
pub(crate) struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(COST_MAX)
    }
}

impl Budget {
    /// Takes a cost off.
    pub(crate) fn spend(&mut self, cost: usize) -> Result<(), ExprError> {
        let left = self.0.checked_sub(u64::try_from(cost).unwrap_or(u64::MAX));
        self.0 = left.unwrap_or(0);
        left.map(drop).ok_or(ExprError::TooComplex)
    }
}

impl Expression {
    /// The value in a context; an expression that fails gives [`Value::Error`].
    pub fn value(&self, context: &dyn Context, env: &Env) -> Value {
        Machine::new(context, env).value(self)
    }
}

/// One evaluation under way: of one expression, or of all those of a template on one budget.
pub(crate) struct Machine<'a> {
    pub(crate) env: &'a Env,
    pub(crate) budget: Budget,
    context: &'a dyn Context,
    depth: usize,
    warnings: Vec<Arc<str>>,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(context: &'a dyn Context, env: &'a Env) -> Self {
        Self { env, context, budget: Budget::default(), depth: 0, warnings: Vec::new() }
    }

    /// The warnings that the values read so far carry, each once.
    pub(crate) fn into_warnings(self) -> Vec<Arc<str>> {
        self.warnings
    }

    fn warn(&mut self, note: &Arc<str>) {
        if !self.warnings.contains(note) {
            self.warnings.push(Arc::clone(note));
        }
    }

    /// The value of an expression, [`Value::Error`] where it fails.
    pub(crate) fn value(&mut self, expression: &Expression) -> Value {
        self.eval(&expression.root, None).unwrap_or_else(Value::Error)
    }

    /// The canonical text of a value.
    pub(crate) fn text(&mut self, value: &Value) -> Result<Arc<str>, ExprError> {
        if let Value::Text(text) = value {
            return Ok(Arc::clone(text));
        }
        let mut out = Writer::new(&mut self.budget);
        value.write_text(&mut out)?;
        Ok(out.text.into())
    }

    /// Calls a function value. An error that it gives names the function.
    pub(crate) fn call(&mut self, function: &Function, arguments: &[Value]) -> Result<Value, ExprError> {
        let result = self.deeper(3, |machine| machine.run(function, arguments));
        match result {
            Ok(value) => {
                self.budget.spend(cost(&value))?;
                Ok(value)
            }
            Err(halt) if halt.halts() => Err(halt),
            Err(reason) => {
                Ok(Value::Error(ExprError::Call { function: function.described(), reason: Arc::new(reason) }))
            }
        }
    }

    fn run(&mut self, function: &Function, arguments: &[Value]) -> Result<Value, ExprError> {
        match function {
            Function::Named(entry) => {
                entry.check(arguments.len())?;
                self.budget.spend(arguments.iter().map(cost).sum())?;
                (entry.run)(self, arguments)
            }
            Function::Anonymous(lambda) => {
                if lambda.names.len() != arguments.len() {
                    return Err(ExprError::Arguments { need: lambda.names.len().to_string(), got: arguments.len() });
                }
                let frame =
                    Frame { names: Arc::clone(&lambda.names), values: arguments.to_vec(), outer: lambda.outer.clone() };
                let value = self.eval(&lambda.body, Some(&Arc::new(frame)))?;
                value.sound().cloned()
            }
        }
    }

    fn eval(&mut self, expr: &Expr, frame: Option<&Arc<Frame>>) -> Result<Value, ExprError> {
        self.budget.spend(1)?;
        self.deeper(1, |machine| machine.node(expr, frame)).or_else(caught)
    }

    fn node(&mut self, expr: &Expr, frame: Option<&Arc<Frame>>) -> Result<Value, ExprError> {
        match expr {
            Expr::Null => Ok(Value::Null),
            Expr::Bool(b) => Ok(Value::Bool(*b)),
            Expr::Number(n) => Ok(Value::Number(n.clone())),
            Expr::Text(text) => Ok(Value::Text(Arc::clone(text))),
            Expr::Name(name) => self.named(name, frame).ok_or_else(|| ExprError::UnknownName { name: name.clone() }),
            Expr::Brackets(inner) => self.eval(inner, frame),
            Expr::Negate(inner) => Ok(Value::Number(self.eval(inner, frame)?.to_number()?.negated())),
            Expr::Lambda(names, body) => Ok(Value::Function(Function::Anonymous(Arc::new(Lambda {
                names: Arc::clone(names),
                body: Arc::clone(body),
                outer: frame.cloned(),
            })))),
            Expr::Property(of, name) => {
                let of = self.eval(of, frame)?;
                match of.sound()? {
                    Value::Object(object) => self.must_have(object, name),
                    other => self.part(other, &Value::text(name.as_str())),
                }
            }
            Expr::Index(of, index) => {
                let (of, index) = (self.eval(of, frame)?, self.eval(index, frame)?);
                self.part(&of, &index)
            }
            Expr::Call(function, arguments) => self.called(function, arguments, frame),
            Expr::Chain(first, rest) => {
                let mut left = self.eval(first, frame)?;
                for (operator, right) in rest {
                    let right = self.eval(right, frame)?;
                    left = self.operate(*operator, &left, &right).or_else(caught)?;
                }
                Ok(left)
            }
        }
    }

    fn named(&mut self, name: &str, frame: Option<&Arc<Frame>>) -> Option<Value> {
        if let Some(parameter) = frame.and_then(|f| f.get(name)) {
            return Some(parameter.clone());
        }
        let Some(value) = self.context.property(name) else { return Value::function(name) };
        if let Some(note) = self.context.note(name) {
            self.warn(&note);
        }
        Some(value)
    }

    fn called(&mut self, function: &Expr, arguments: &[Expr], frame: Option<&Arc<Frame>>) -> Result<Value, ExprError> {
        let called = match function {
            Expr::Name(name) => {
                self.named(name, frame).ok_or_else(|| ExprError::UnknownFunction { name: name.clone() })?
            }
            other => self.eval(other, frame)?,
        };
        let Value::Function(function) = called.sound()? else {
            return Err(ExprError::NotAFunction { value: called.described() });
        };
        let values = arguments.iter().map(|a| self.eval(a, frame)).collect::<Result<Vec<_>, _>>()?;
        self.call(function, &values)
    }

    /// An item of an array or a property of an object.
    fn part(&mut self, of: &Value, key: &Value) -> Result<Value, ExprError> {
        match of.sound()? {
            Value::Array(items) => {
                let index = key.to_integer()?;
                let count = items.len();
                let at = if index < 0 { index.checked_add_unsigned(count as u64) } else { Some(index) };
                let item = at.and_then(|at| usize::try_from(at).ok()).and_then(|at| items.get(at));
                item.cloned().ok_or(ExprError::Index { index, count })
            }
            Value::Object(object) => {
                let name = self.text(key)?;
                self.must_have(object, &name)
            }
            other => Err(ExprError::NoLookup { value: other.described() }),
        }
    }

    /// A property of an object, paid for as the walk that it can be.
    pub(crate) fn property(&mut self, object: &Object, name: &str) -> Result<Option<Value>, ExprError> {
        self.budget.spend(object.len())?;
        let found = object.get(name).cloned();
        if let Some(note) = object.note(name).filter(|_| found.is_some()) {
            self.warn(note);
        }
        Ok(found)
    }

    fn must_have(&mut self, object: &Object, name: &str) -> Result<Value, ExprError> {
        self.property(object, name)?.ok_or_else(|| ExprError::NoProperty { name: name.to_owned() })
    }

    fn operate(&mut self, operator: Operator, left: &Value, right: &Value) -> Result<Value, ExprError> {
        if matches!(operator, Operator::Concatenate | Operator::Equal | Operator::NotEqual) {
            let (a, b) = (self.text(left)?, self.text(right)?);
            self.budget.spend(a.len() + b.len())?;
            return Ok(match operator {
                Operator::Concatenate => Value::from([&*a, &*b].concat()),
                Operator::Equal => Value::Bool(a == b),
                _ => Value::Bool(a != b),
            });
        }
        let (a, b) = (left.to_number()?, right.to_number()?);
        // Long divisions and powers take far longer than one step.
        self.budget.spend(match operator {
            Operator::Divide => 50,
            Operator::Power => 2_000,
            _ => 1,
        })?;
        Ok(match operator {
            Operator::Less => Value::Bool(a < b),
            Operator::LessOrEqual => Value::Bool(a <= b),
            Operator::Greater => Value::Bool(a > b),
            Operator::GreaterOrEqual => Value::Bool(a >= b),
            Operator::Add => a.plus(&b)?.into(),
            Operator::Subtract => a.minus(&b)?.into(),
            Operator::Multiply => a.times(&b)?.into(),
            Operator::Divide => a.over(&b)?.into(),
            _ => a.power(&b)?.into(),
        })
    }

    /// Counts steps down. A call counts three, since it takes so much more of the stack.
    fn deeper<T>(
        &mut self,
        steps: usize,
        inner: impl FnOnce(&mut Self) -> Result<T, ExprError>,
    ) -> Result<T, ExprError> {
        if self.depth + steps > DEPTH_MAX {
            return Err(ExprError::TooDeep);
        }
        self.depth += steps;
        let result = inner(self);
        self.depth -= steps;
        result
    }
}

/// Makes an error a value, unless the evaluation ends with it.
fn caught(error: ExprError) -> Result<Value, ExprError> {
    if error.halts() { Err(error) } else { Ok(Value::Error(error)) }
}

fn cost(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len().max(1),
        Value::Array(items) => items.len().max(1),
        Value::Object(object) => object.len().max(1),
        _ => 1,
    }
}
