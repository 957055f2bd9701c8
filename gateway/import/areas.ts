// An area as people write it into a table: its id, its name, or names from above to below with strokes between.

import type { Area } from '../../model/area.ts'
import { listAreas } from '../../records/areas.ts'
import type { Db } from '../../records/db.ts'
import type { Scope } from '../../records/scope.ts'

export type FindArea = (text: string) => { id: string } | { reason: 'unknown_area' | 'ambiguous_area' }

const PAGE = 1_000

/** Every area of the scope. */
export async function readAreas(db: Db, scope: Scope): Promise<Area[]> {
  const areas: Area[] = []
  let cursor: string | undefined
  do {
    const page = await listAreas(db, { scope, cursor, limit: PAGE })
    areas.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return areas
}

export function areaFinder(areas: readonly Area[]): FindArea {
  const byId = new Map(areas.map(area => [area.id, area]))
  const namesOf = (area: Area): string[] => {
    const above = area.parentId === null ? undefined : byId.get(area.parentId)
    return above ? [...namesOf(above), area.name] : [area.name]
  }
  const byName = Map.groupBy(areas, ({ name }) => name)
  return text => {
    if (byId.has(text)) return { id: text }
    const asked = text.split(/[/／>\\]/).map(name => name.trim())
    const found = (byName.get(asked.at(-1) ?? '') ?? []).filter(area => endsWith(namesOf(area), asked))
    const [first, ...others] = found
    if (first === undefined) return { reason: 'unknown_area' }
    return others.length === 0 ? { id: first.id } : { reason: 'ambiguous_area' }
  }
}

/** Areas in between may be left out: `威海市/温泉社区`. */
function endsWith(names: readonly string[], asked: readonly string[]): boolean {
  let at = names.length
  return asked.toReversed().every(name => {
    at = at > 0 ? names.lastIndexOf(name, at - 1) : -1
    return at >= 0
  })
}
