/** Words that somebody is writing, by where they write them: a panel that is made anew finds them again. */
export const written = new Map<string, string>()
