"""What `papertray doctor` finds out. Each check is one function: where papertray lives in, findings out.

Nothing is changed and nothing is sent anywhere. A check that cannot look says so as a finding.
"""
