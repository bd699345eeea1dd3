"""The bill of materials that goes with a release: CycloneDX 1.6 as JSON."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from build_scripts.packaging.components import Component

_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562, for names that are URLs


def document(components: Sequence[Component], *, version: str, platform: str, at: str) -> dict[str, Any]:
    """Return the document.

    Args:
        components: What is in the package.
        version: The program's.
        platform: What the package is for, ``linux-x86_64``.
        at: When it was made, RFC 3339.
    """
    purl = f"pkg:generic/tunneldesk@{version}?platform={platform}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, purl + at)}",
        "version": 1,
        "metadata": {
            "timestamp": at,
            "component": {
                "type": "application",
                "bom-ref": purl,
                "name": "tunneldesk",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
                "purl": purl,
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": each.purl,
                "name": each.name,
                "version": each.version,
                "licenses": [{"license": {"name": each.licence}}],
                "purl": each.purl,
            }
            for each in components
        ],
        "dependencies": [{"ref": purl, "dependsOn": [each.purl for each in components]}],
    }
