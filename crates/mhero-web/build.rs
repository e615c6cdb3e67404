//! Stops with a sentence, not a riddle, when the browser side has not been built yet.

fn main() {
    println!("cargo::rerun-if-changed=../../console/dist");
    println!("cargo::rerun-if-changed=../../locales");
    if !std::path::Path::new("../../console/dist/app.js").is_file() {
        println!(
            "cargo::error=The console's browser side is not built yet: run `make build`, or `npm ci` and `npm run build` in console/."
        );
    }
}
