// The tree of areas as fields and tables need it (pure).

import type { Area } from '../../model/area.ts'

/** As trees to open and trees to choose from have them. */
export type AreaNode = { key: string; value: string; title: string; area: Area; children: AreaNode[] }

export type AreaTree = {
  byId: ReadonlyMap<string, Area>
  /** Areas whose parent is not among them come first. */
  nodes: readonly AreaNode[]
}

export const NO_AREAS: AreaTree = { byId: new Map(), nodes: [] }

/** `areas` as the gateway lists them: parents before their children. */
export function treeOf(areas: readonly Area[]): AreaTree {
  const nodes = new Map<string, AreaNode>()
  const top: AreaNode[] = []
  for (const area of areas) {
    const node: AreaNode = { key: area.id, value: area.id, title: area.name, area, children: [] }
    nodes.set(area.id, node)
    const parent = area.parentId === null ? undefined : nodes.get(area.parentId)
    ;(parent?.children ?? top).push(node)
  }
  return { byId: new Map(areas.map(area => [area.id, area])), nodes: top }
}

/** `环翠区 / 温泉社区`: the last `most` names of its path; the id where it is not known. */
export function areaPath({ byId }: AreaTree, id: string | null, most = 2): string {
  if (id === null) return ''
  const names: string[] = []
  for (let area = byId.get(id); area && names.length < most; area = byId.get(area.parentId ?? '')) {
    names.unshift(area.name)
  }
  return names.length === 0 ? id : names.join(' / ')
}
