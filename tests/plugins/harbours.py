"""An example of a user's plug-in: a police strategy and a rule of one's own."""

from waterbed.plugins import measure, police_strategy, replace_rule


@police_strategy("harbours")
def harbours(self, post, day, world):
    """Stand only where sea legs begin."""
    return 1.0 if post.kind == 0 and world.legs[post.target].mode == 2 else 0.0


@replace_rule("agents.prospect.conversion_logit")
def conversion_logit(self, channel, reached, world):
    """Everybody is convinced alike."""
    return 0.0


@measure("arrived_at_harbour")
def arrived_at_harbour(run):
    """People who crossed to Harbour."""
    names = run.world.network.leg_names
    legs = [i for i, name in enumerate(names) if name.endswith("> Harbour")]
    return run.legs[:, legs, 1].sum() * run.scenario.persons_per_agent
