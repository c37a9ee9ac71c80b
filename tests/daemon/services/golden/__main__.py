from tests.daemon.services.golden import CASES, file_of, plans_text

for case in CASES:
    file_of(case).write_text(plans_text(case), encoding="utf-8", newline="\n")
