// What the parts of the desk share, so that it need not be handed through every one of them.

import { createContext, useContext } from 'react'
import type { Area } from '../../model/area.ts'
import type { User } from '../../model/user.ts'
import type { Notice } from '../shell/notice-line.tsx'
import type { Actions } from './actions.ts'
import type { Sightings } from './sightings.ts'
import type { DeskWork } from './work.ts'

export type DeskTools = {
  user: User
  actions: Actions
  work: DeskWork
  areas: ReadonlyMap<string, Area>
  acknowledged: ReadonlyMap<string, number>
  tell(notice: Notice): void
  /** What is on the screen is told to it. */
  sightings: Sightings
}

const DeskToolsContext = createContext<DeskTools | undefined>(undefined)
export const DeskToolsProvider = DeskToolsContext.Provider

export function useDeskTools(): DeskTools {
  const tools = useContext(DeskToolsContext)
  if (!tools) throw new Error('a part of the desk is used outside of it')
  return tools
}

/** The innermost `levels` areas, the outer one first: `龙山街道 · 香山社区`. The root says nothing. */
export function areaName(areas: ReadonlyMap<string, Area>, id: string, levels: number): string {
  const names: string[] = []
  let area = areas.get(id)
  while (area && names.length < levels && (area.parentId !== null || names.length === 0)) {
    names.unshift(area.name)
    area = area.parentId === null ? undefined : areas.get(area.parentId)
  }
  return names.join(' · ')
}
