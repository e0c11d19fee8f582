// stage: sigma
// mistake: it is Python
// kind: syntax

def sigma(x):
    return x.tanh()

def dsigma(x):
    return 1 - x.tanh() ** 2
