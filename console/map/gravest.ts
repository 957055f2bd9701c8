// Of incidents that are one sign on the map, the gravest gives it its colour.

import { type Severity, severityRank } from '../../model/finding.ts'

export function gravest(marks: readonly { severity?: Severity }[]): Severity | undefined {
  const severities = marks.map(mark => mark.severity).filter(severity => severity !== undefined)
  return severities.sort((a, b) => severityRank(b) - severityRank(a))[0]
}
