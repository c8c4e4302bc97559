"""What counts as evidence: e-processes, exact tests, pairs, power. Pure: no files, clock, randomness or logging.

| module | answers |
| --- | --- |
| `tally` | what was read, as a sufficient statistic: the rest reads nothing else |
| `mixture` | which bets are laid against a bar, fixed before a reply is read |
| `eprocess` | how strongly replies speak against a bar, looked at after any complete round |
| `bounds` | which bars are not refuted |
| `exact` | the same questions where replies are looked at once |
| `pairs` | is the candidate worse than its baseline, and by how much |
| `agreement` | do two readers of the same replies agree beyond chance |
| `sampled` | what labels of replies drawn at random say of all of them |
| `separation` | do live controls still tell good replies from bad |
| `multiplicity` | which of many alarms stand |
| `power` | what a plan can show, what is missing, which drop would have been seen |
| `passes` | the arithmetic beneath `power` |
| `steady` | what may be said of a target that never flipped |

Importing this package alone imports no numpy; each module does.
"""
