"""The command line. It holds no science: it reads, calls, shows progress, and says plainly what went wrong.

Exit codes: 0 done; 1 a run failed; 2 bad input; 130 interrupted. To add a command, write a function below and
decorate it with ``@app.command()`` and ``@guarded``; import what is slow inside it, so that ``--help`` stays quick.
"""

# No annotations as text here: typer would compile each of them three times before it answers.
from pathlib import Path
from typing import Annotated

import typer

from . import console, inputs, interrupt
from .errors import InputError
from .guard import guarded
from .options import AsJson, Csv, DemoOut, Doses, Force, Out, Replicates, Seed, Settings, Source, Workers

app = typer.Typer(
    name="waterbed",
    help="Simulate smuggling networks and enforcement: push down here, and see where it comes up.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    epilog="Start with: waterbed compare classroom --out first",
)


def main() -> None:
    """Entry point of ``waterbed`` and ``python -m waterbed``."""
    interrupt.listen()
    app(prog_name="waterbed")


def _show_version(asked: bool) -> None:
    if not asked:
        return
    import platform
    from importlib.metadata import version

    from . import __version__

    print(f"waterbed {__version__}")
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    print(", ".join(f"{name} {version(name)}" for name in ("mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic")))
    raise typer.Exit()


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Tell versions and exit.")
    ] = False,
) -> None:
    pass


@app.command(short_help="Operation Liberterra III on real places, with and without.")
@guarded
def demo(
    replicates: Replicates = 10, seed: Seed = 1, workers: Workers = None, out: DemoOut = None, force: Force = False
) -> None:
    """Run the main job: Operation Liberterra III, with and without, on real places; half and twice the officers too.

    \b
    Examples:
      waterbed demo
      waterbed demo --replicates 40 --out liberterra
    """
    from .measures import command

    command.run("liberterra", None, replicates, seed, workers, None, out or Path("out/demo"),
                force=force or out is None, doses="0.5,2")  # fmt: skip


@app.command()
@guarded
def scenarios(as_json: AsJson = False) -> None:
    """List the bundled scenarios.

    \b
    Examples:
      waterbed scenarios
    """
    from .scenario import bundled, load

    titles = {name: load(name).title for name in bundled()}
    if as_json:
        console.print_json([{"name": name, "title": title} for name, title in titles.items()])
        return
    console.print_list(titles)


@app.command()
@guarded
def scenario(
    source: Source,
    resolved: Annotated[bool, typer.Option("--resolved", help="Every parameter, with unit, bounds, source.")] = False,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Print a scenario as TOML.

    \b
    Examples:
      waterbed scenario classroom > mine.toml
      waterbed scenario mine.toml --resolved
    """
    chosen = inputs.chosen(source, settings)
    if as_json:
        console.print_json(chosen.model_dump(mode="json"))
    else:
        if not resolved:
            print("# What differs from the defaults. For all: waterbed scenario NAME --resolved")
        print(chosen.to_toml(resolved=resolved), end="")


@app.command(short_help="Tell every fault of a scenario or study file.")
@guarded
def check(source: Source, settings: Settings = None, as_json: AsJson = False) -> None:
    """Tell every fault of a scenario or study; if there is none, the people, memory and time to expect.

    \b
    Examples:
      waterbed check mine.toml
      waterbed check study.toml --json
    """
    from .scenario.expectation import expect
    from .study import command

    if command.is_study(source):
        command.check(Path(source), as_json)
        return
    chosen, world = inputs.checked(source, settings)
    expected, short = expect(chosen, world), inputs.too_short(chosen)
    if as_json:
        console.print_json({"scenario": chosen.name, "faults": [], "too_short_to_compare": short, **expected})
        return
    console.print_expected(chosen, expected, short)


@app.command(short_help="Print the JSON Schema of files, for editors.")
@guarded
def schema(kind: Annotated[str, typer.Argument(metavar="[scenario|study]")] = "scenario") -> None:
    """Print the JSON Schema of scenario or study files, for editors.

    \b
    Examples:
      waterbed schema > scenario.schema.json
      waterbed schema study
    """
    if kind not in ("scenario", "study"):
        raise InputError(f"schema: is {kind!r}; has to be 'scenario' or 'study'")
    from .scenario.schema import file_schema as of_scenario
    from .study.file import file_schema as of_study

    console.print_json(of_scenario() if kind == "scenario" else of_study())


@app.command()
@guarded
def run(
    source: Source,
    seed: Seed = 1,
    engine: Annotated[str, typer.Option(metavar="compiled|mesa", help="Same bits, two speeds.")] = "compiled",
    settings: Settings = None,
    out: Out = None,
    force: Force = False,
    csv: Csv = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario once.

    \b
    Examples:
      waterbed run classroom --seed 2 --set operations.surge.officers=300
      waterbed run mine.toml --engine mesa --out run
    """
    from .scenario.expectation import require_memory

    if engine not in ("compiled", "mesa"):
        raise InputError(f"--engine: is {engine!r}; has to be 'compiled' or 'mesa'")
    chosen, world = inputs.checked(source, settings)
    require_memory(chosen, world)
    inputs.require_free(out, force)
    import time

    from .engine.run import simulate
    from .engine.warm import compile_where_needed

    if engine == "compiled":
        compile_where_needed(chosen.plugins)
    with console.progress(f"{chosen.name}, seed {seed}", chosen.burn_in + chosen.days) as advance:
        started = time.perf_counter()
        done = simulate(chosen, seed, compiled=engine == "compiled", look=lambda day: advance(day))
        seconds = time.perf_counter() - started
    if out is not None:
        from .measures.tables import save_run

        save_run(done, out, csv=csv, force=force, wall_time_s=seconds)
    totals = console.totals(done)
    if as_json:
        result = {"scenario": chosen.name, "seed": seed, "digest": done.digest, "seconds": round(seconds, 3)}
        console.print_json(result | {"totals": totals, "out": str(out) if out else None})
        return
    print(f"{chosen.name}, seed {seed}: {chosen.days} days in {seconds:.1f} s; digest {done.digest[:16]}")
    for name, value in totals.items():
        print(f"  {name.replace('_', ' '):16} {value:>12,}")
    if out is not None:
        print(f"Stored in {out}")


@app.command(short_help="Hold a scenario against itself without its measures.")
@guarded
def compare(
    source: Source,
    against: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="The other world; by default without the measures.")
    ] = None,
    replicates: Replicates = 20,
    seed: Seed = 1,
    workers: Workers = None,
    settings: Settings = None,
    out: Out = None,
    force: Force = False,
    csv: Csv = False,
    doses: Doses = None,
    trace: Annotated[
        int, typer.Option(min=0, metavar="N", help="Diaries of N simulated people in both worlds of the first pair.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare a scenario with the same one without its operations and policies, or with another.

    \b
    Examples:
      waterbed compare classroom --replicates 20 --out first
      waterbed compare mine.toml --against classroom
      waterbed compare classroom --set operations.surge.days=30 --json
      waterbed compare classroom --doses 0.5,2,4 --out doses
    """
    from .measures import command

    command.run(source, against, replicates, seed, workers, settings, out, force=force, csv=csv, trace=trace,
                as_json=as_json, doses=doses)  # fmt: skip


@app.command(short_help="Sweeps and sensitivity; resumes where it stopped.")
@guarded
def study(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A study file (TOML).")],
    workers: Workers = None,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on a Dask cluster instead.")] = None,
    out: Out = None,
    store: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of runs, which studies may share.")] = None,
    status: Annotated[bool, typer.Option("--status", help="Tell what is done, failed and left; run nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run many points of a scenario by a design: sweeps, sensitivity. Resumes where it stopped.

    \b
    Examples:
      waterbed study study.toml --out sweep
      waterbed study study.toml --status --out sweep
    """
    from .study import command

    code = command.run(file, workers, dask, out, store, status, as_json)
    if code:
        raise typer.Exit(code)


@app.command(short_help="Fit parameters to what was observed; resumes.")
@guarded
def calibrate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A calibration file (TOML).")],
    workers: Workers = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Fit parameters to observed numbers by ABC-SMC. Resumes where it stopped; unless it converges, it writes nothing.

    \b
    Examples:
      waterbed calibrate calibration.toml --out fitted
      waterbed calibrate calibration.toml --out fitted --workers 2 --json
    """
    from .calibrate import command

    code = command.run(file, workers, out, force, as_json)
    if code:
        raise typer.Exit(code)


@app.command(short_help="Score the model against the record.")
@guarded
def validate(
    case: Annotated[
        str | None,
        typer.Argument(metavar="[CASE]", help="southwest, liberterra, mediterranean-shares, mediterranean-nationality"),
    ] = None,
    observed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A record of the same columns, say with later years.")
    ] = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Score the model against the record: fitted up to a year, then on what it has not seen.

    \b
    Examples:
      waterbed validate southwest --out scores
      waterbed validate southwest --observed later.csv --out scores
      waterbed validate mediterranean-shares --observed download.csv --out scores
    """
    from .validate import command

    command.run(case, observed, out, force, as_json)


@app.command(short_help="Draw figures and page anew from stored results.")
@guarded
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `--out DIR` stored.")],
    width: Annotated[
        str,
        typer.Option(
            metavar="WIDTH",
            help="page: all figures, for 178 mm, and the page. column: timelines, fates, map, effects and doses of a "
            "comparison for one column of print (85 mm), into DIR/figures/column, and nothing else.",
        ),
    ] = "page",
) -> None:
    """(Re)draw the figures and the self-contained HTML report of a comparison or study from stored results.

    \b
    Examples:
      waterbed report first
      waterbed report first --width column
    """
    if not (folder / "provenance.json").is_file():
        raise InputError(f"{folder}: holds no stored results; make them with: waterbed compare NAME --out {folder}")
    from .processes import cores
    from .report import write_report
    from .report.html import write_figures
    from .report.studies import holds_study, write_study_report

    if width != "page":
        if holds_study(folder):
            raise InputError(f"--width {width}: {folder} holds a study; its figures have the page's width alone")
        print(f"Figures: {write_figures(folder, folder, width)}")
        return
    drawn = write_study_report(folder) if holds_study(folder) else write_report(folder, folder, workers=cores())
    print(f"Report: {drawn}")


@app.command(short_help="Draw a stored comparison as a film.")
@guarded
def animate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `compare --out DIR` stored.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A .gif or (by ffmpeg) .mp4; by default DIR/figures/course.gif.")
    ] = None,
    fps: Annotated[float, typer.Option(min=0.1, max=30, help="Frames a second; a frame is fourteen days.")] = 2.5,
) -> None:
    """Animate a stored comparison: where flow fell and rose, fortnight by fortnight.

    \b
    Examples:
      waterbed animate first
      waterbed animate first --out first.mp4 --fps 4
    """
    from .report import animate as draw

    target = out or folder / "figures" / "course.gif"
    with console.progress(f"{target.name}: frames") as advance:
        draw(folder, target, fps=fps, progress=advance)
    print(f"Film: {target.resolve()}")


@app.command("app", short_help="The teaching app: two worlds in your browser.")
@guarded
def teaching_app(
    source: Annotated[str, typer.Argument(metavar="[NAME|FILE]", help="A bundled scenario or a file.")] = "classroom",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any that is free.")] = 8765,
) -> None:
    """Open the teaching app: two worlds side by side in your browser, offline, for this machine alone.

    \b
    Examples:
      waterbed app
      waterbed app mine.toml --port 0
    """
    from .app.server import serve

    serve(source, port)
