"""The teaching app: two worlds side by side in a browser, served on this machine alone.

``server`` talks to browsers, ``worker`` holds one page's model in a process of its own, ``protocol`` says what goes
over the wire, ``static`` is the page. To add a guided task, write its question and the rule of its answer
into ``answers``, and what it changes into ``static/tasks.js``; to add a timeline, add a name to ``series.CHARTS``.
"""
