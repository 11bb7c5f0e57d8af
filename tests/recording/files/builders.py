"""Why it exists: small motion files with known content, so that no test depends on a laboratory."""

import ezc3d
import numpy as np

from levelstride.anatomy.body import generic_body

PIG = {"hip": "FEP", "knee": "FEO", "ankle": "TIO", "heel": "HEE", "big_toe": "TOE", "shoulder": "SHO", "asis": "ASI"}


def walking_points(n=60, rate=60.0, speed=1.2, height=1.7):
    """Our names -> (n, 3) metres: a stiff body gliding along X, one gently bobbing."""
    t = np.arange(n) / rate
    glide = np.stack([speed * t, 0.02 * np.sin(12 * t), 0 * t], axis=1)
    return {name: at + glide for name, at in generic_body(height).items()}


def pig_markers(points):
    return {
        f"{side[0].upper()}{label}": points[f"{side}_{part}"]
        for side in ("left", "right")
        for part, label in PIG.items()
    }


def to_laboratory(markers, axes):
    """World (X forward, Y up, Z right) -> a laboratory whose axes are the rows of ``axes``, in the world."""
    return {label: at @ np.asarray(axes, dtype=float).T for label, at in markers.items()}


def write_c3d(path, markers, *, rate=60.0, units="mm", up="+Z", first_frame=0, events=()):
    """``events``: (label, context, seconds on the file's clock)."""
    c3d = ezc3d.c3d()
    n = len(next(iter(markers.values())))
    c3d["parameters"]["POINT"]["RATE"]["value"] = [rate]
    c3d["parameters"]["POINT"]["LABELS"]["value"] = list(markers)
    c3d["parameters"]["POINT"]["UNITS"]["value"] = [units]
    if up is not None:
        c3d.add_parameter("POINT", "Y_SCREEN", [up])
    data = np.ones((4, len(markers), n))
    scale = {"mm": 1000.0, "m": 1.0}.get(units, 1.0)
    for i, at in enumerate(markers.values()):
        data[:3, i] = np.nan_to_num(at * scale, nan=0.0).T
    c3d["data"]["points"] = data
    c3d["header"]["points"]["first_frame"] = first_frame
    if events:
        c3d.add_parameter("EVENT", "USED", [len(events)])
        c3d.add_parameter("EVENT", "LABELS", [label for label, _, _ in events])
        c3d.add_parameter("EVENT", "CONTEXTS", [context for _, context, _ in events])
        c3d.add_parameter("EVENT", "TIMES", np.array([[t // 60, t % 60] for _, _, t in events]).T)
    c3d.write(str(path))
    return path


def write_trc_text(path, markers, *, rate=60.0, units="m", rows=None, announced=None):
    names = list(markers)
    n = len(next(iter(markers.values()))) if rows is None else len(rows)
    scale = {"m": 1.0, "mm": 1000.0}.get(units, 1.0)
    lines = [
        "PathFileType\t4\t(X/Y/Z)\twalk.trc",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{announced or n}\t{len(names)}\t{units}\t{rate}\t1\t{n}",
        "Frame#\tTime\t" + "\t\t\t".join(names),
        "\t\t" + "\t".join(f"{a}{i + 1}" for i in range(len(names)) for a in "XYZ"),
        "",
    ]
    for i in range(n) if rows is None else rows:
        cells = np.concatenate([markers[name][i] * scale for name in names])
        lines.append("\t".join([str(i + 1), f"{i / rate:.6f}", *("" if np.isnan(c) else f"{c:.6f}" for c in cells)]))
    path.write_text("\n".join(lines) + "\n")
    return path


def write_mot_text(path, columns, *, rate=100.0, degrees="yes"):
    n = len(next(iter(columns.values())))
    lines = ["Coordinates", "version=1", f"nRows={n}", f"nColumns={len(columns) + 1}"]
    lines += [f"inDegrees={degrees}"] if degrees else []
    lines += ["", "endheader", "\t".join(["time", *columns])]
    lines += ["\t".join(f"{v:.8f}" for v in (i / rate, *(c[i] for c in columns.values()))) for i in range(n)]
    path.write_text("\n".join(lines) + "\n")
    return path
