// What all parts of the registry share: who is at it, what they may do, the areas by id, and where a sentence goes.

import { createContext, useContext } from 'react'
import type { User } from '../../model/user.ts'
import type { Notice } from '../shell/notice-line.tsx'
import type { AreaTree } from './area-tree.ts'
import type { Rights } from './sections.ts'

export type RegistryTools = {
  user: User
  rights: Rights
  areas: AreaTree
  /** Reads them anew, after one was changed. */
  reloadAreas(): Promise<void>
  tell(notice: Notice): void
  /** Opens another page of the registry; an answer that comes late calls nobody away from the desk. */
  goTo(path: string, how?: { replaces?: boolean }): void
}

const RegistryContext = createContext<RegistryTools | undefined>(undefined)
export const RegistryProvider = RegistryContext.Provider

export function useRegistry(): RegistryTools {
  const tools = useContext(RegistryContext)
  if (!tools) throw new Error('only within the registry')
  return tools
}
