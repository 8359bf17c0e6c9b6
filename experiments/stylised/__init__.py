"""The 25 stylised facts that the model can be tested on: what each demands, declared before the runs that decide it."""
