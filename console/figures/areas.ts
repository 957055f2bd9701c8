// The areas of the account, each below its parent, for a list to choose from (pure), and how they are read.

import type { Area } from '../../model/area.ts'
import type { Answer, Http } from '../shell/http.ts'

export type PlacedArea = { area: Area; depth: number }

/** Depth first, by name; one whose parent is not among them stands at the top. */
export function asTree(areas: readonly Area[]): PlacedArea[] {
  const known = new Set(areas.map(({ id }) => id))
  const below = new Map<string | null, Area[]>()
  for (const area of areas) {
    const parent = area.parentId !== null && known.has(area.parentId) ? area.parentId : null
    below.set(parent, [...(below.get(parent) ?? []), area])
  }
  const placed: PlacedArea[] = []
  const place = (parent: string | null, depth: number) => {
    const children = (below.get(parent) ?? []).sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
    for (const area of children) {
      placed.push({ area, depth })
      place(area.id, depth + 1)
    }
  }
  place(null, 0)
  return placed
}

type Page = { items: Area[]; next: string | null }

/** All of them, page by page. */
export async function readAreas(http: Pick<Http, 'get'>): Promise<Answer<Area[]>> {
  const items: Area[] = []
  let cursor = ''
  for (;;) {
    const page = await http.get<Page>(`areas?limit=1000${cursor}`)
    if (!page.ok) return page
    items.push(...page.value.items)
    if (page.value.next === null) return { ok: true, value: items }
    cursor = `&cursor=${encodeURIComponent(page.value.next)}`
  }
}
