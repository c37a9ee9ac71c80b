"""The only place where untrusted bytes meet a decoder: a process of its own, with limits.

`engine.renderer` starts it. Requests come in on standard input, answers go out on standard output, both as
`frames`. It writes nothing and opens nothing: documents come open.
"""
