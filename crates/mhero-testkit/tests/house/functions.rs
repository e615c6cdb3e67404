//! How long a function may be, counted on the parsed source.

use syn::{
    Block, ImplItemFn, ItemFn, Signature, TraitItemFn,
    visit::{self, Visit},
};

use super::{Source, report, sources};

/// Longer than a screen, and nobody holds it in the head.
const FUNCTION_LINES: usize = 70;

#[test]
fn functions_are_short() {
    let findings: Vec<_> =
        sources().iter().filter(|source| source.has_ending(&["rs"])).flat_map(long_functions).collect();
    report("a function has at most 70 lines:", &findings);
}

#[test]
fn a_long_function_is_found_wherever_it_stands() {
    let body = "let _ = 1;\n".repeat(FUNCTION_LINES);
    let text = format!("struct S; impl S {{ fn short() {{}} fn long() {{\n{body}}} }}");
    let found = long_functions(&Source { path: "x.rs".into(), text });
    assert_eq!(found, [format!("x.rs:1 long has {} lines", FUNCTION_LINES + 2)]);
}

struct Measure<'a> {
    path: &'a str,
    findings: Vec<String>,
}

impl Measure<'_> {
    fn look(&mut self, signature: &Signature, body: &Block) {
        let (first, last) = (signature.fn_token.span.start().line, body.brace_token.span.close().end().line);
        let lines = last - first + 1;
        if lines > FUNCTION_LINES {
            self.findings.push(format!("{}:{first} {} has {lines} lines", self.path, signature.ident));
        }
    }
}

impl<'ast> Visit<'ast> for Measure<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.look(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.look(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.look(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn long_functions(source: &Source) -> Vec<String> {
    match syn::parse_file(&source.text) {
        Ok(file) => {
            let mut measure = Measure { path: &source.path, findings: Vec::new() };
            measure.visit_file(&file);
            measure.findings
        }
        Err(error) => vec![format!("{} cannot be read: {error}", source.path)],
    }
}
