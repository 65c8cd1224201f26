//! `sbom.cdx.json`: the software bill of materials, in CycloneDX 1.5.

use anyhow::Result;
use serde_json::{Value, json};

use crate::inventory::Component;

/// The document, with the version of Latchkey that it describes.
pub(crate) fn json(components: &[Component], version: &str) -> Result<String> {
    let components: Vec<Value> = components.iter().map(component).collect();
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": { "type": "application", "bom-ref": "latchkey", "name": "latchkey", "version": version },
        },
        "components": components,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn component(component: &Component) -> Value {
    let mut value = json!({
        "type": "library",
        "bom-ref": component.url,
        "name": component.name,
        "version": component.version,
        "purl": component.url,
    });
    if !component.license.is_empty() {
        value["licenses"] = json!([{ "expression": component.license }]);
    }
    if let Some((algorithm, content)) = &component.hash {
        value["hashes"] = json!([{ "alg": algorithm, "content": content }]);
    }
    value
}
