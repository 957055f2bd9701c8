// What a family calls its elder (pure): "妈妈" for a daughter's mother, else the name. Two mothers are called by name.

import type { FamilyElder } from '../../model/family.ts'
import type { Words } from './words.zh.ts'

type Person = Pick<FamilyElder, 'id' | 'name' | 'gender' | 'relation'>

/** As relations are written in a register. */
const CHILD = /^((大|小|长|次|二|三|四)?(女儿|女|儿子|子)|闺女|子女|daughter|son)$/i
const GRANDCHILD = /^(孙女|孙子|granddaughter|grandson|grandchild)$/i

/** What to call each of them, by id. */
export function callElders(elders: readonly Person[], words: Words): Map<string, string> {
  const own = elders.map(elder => [elder, ownWord(elder, words)] as const)
  const isOnly = (word: string) => own.filter(([, other]) => other === word).length === 1
  return new Map(own.map(([{ id, name }, word]) => [id, word !== undefined && isOnly(word) ? word : name]))
}

function ownWord({ gender, relation }: Person, { called }: Words): string | undefined {
  if (gender === null || relation === null) return undefined
  const isHer = gender === 'female'
  if (CHILD.test(relation.trim())) return isHer ? called.mother : called.father
  if (GRANDCHILD.test(relation.trim())) return isHer ? called.grandmother : called.grandfather
  return undefined
}
