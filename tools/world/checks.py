"""What one source table needs of another: rates of death of the routes by sea, and sizes of the classes."""

from __future__ import annotations

from difflib import get_close_matches

from .network import SEA_ROUTES
from .sources import Sources


def unrated(sources: Sources) -> list[str]:
    """Rows of sea.csv whose deaths are to come by rule but cannot, and routes of that rule without their counts."""
    found = []
    open_routes = {row["route"] for row in sources["sea"] if row["dormant"] == "false"}
    for i, row in enumerate(sources["sea"]):
        where, route = sources.where("sea", i), row["route"]
        if row["death"]:
            continue
        if route not in SEA_ROUTES:
            near = get_close_matches(route, SEA_ROUTES, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"only {', '.join(SEA_ROUTES)} have a published rate."
            found.append(f"{where}: death is empty, and route '{route}' has no rate; {hint} Else fill in death")
        elif route not in open_routes:
            found.append(f"{where}: death is empty, and no row of route '{route}' is in use; fill in death")
    for route in SEA_ROUTES:
        rows = [(i, r) for i, r in enumerate(sources["published"]) if r["route"] == route and r["year"] != "2015"]
        empty = [(i, c) for i, r in rows for c in ("detections", "deaths") if not r[c]]
        found += [f"{sources.where('published', i)}: {c} is empty; '{route}' needs it for its rate" for i, c in empty]
        if not empty and not sum(float(r["detections"]) for _, r in rows):
            found.append(f"{sources.folder / 'published'}.csv: route '{route}' has no row with detections in another "
                         "year than 2015; add one, its deaths a detection rest on it")  # fmt: skip
    return found


def unsized(sources: Sources) -> list[str]:
    """Classes of corridors.csv without a size."""
    known = {row["class"] for row in sources["sizes"]}
    return [
        f"{sources.where('corridors', i)}: class '{row['class']}' has no row in {sources.folder / 'sizes'}.csv; add "
        "its journeys and the share that sets out, or fit them with python -m tools.world.fit"
        for i, row in enumerate(sources["corridors"])
        if row["class"] not in known
    ]
