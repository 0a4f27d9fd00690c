import type { Random } from "../random.js";
import * as names from "./names.js";
import type { ContentDraft, ContentDraftEntry, Document, DocumentContent, Issue, Project } from "./rows.js";
import { dates } from "./workspaces.js";

/** Descriptions of issues, and pages of every other project. */
export function createDocuments(
  issues: readonly Issue[],
  projects: readonly Project[],
  random: Random,
): Document[] {
  return [
    ...issues.flatMap((issue) => describe(issue)),
    ...projects
      .filter((_, index) => index % 2 === 0)
      .flatMap((project) => Array.from({ length: random.between(3, 6) }, () => createPage(project, random))),
  ];
}

function describe(issue: Issue): Document[] {
  const { id, description_document_id, workspace_id, created_by, created_at } = issue;
  if (description_document_id === null) return [];
  return [
    {
      id: description_document_id,
      workspace_id,
      issue_id: id,
      project_id: null,
      title: "Description",
      created_by,
      created_at,
      updated_at: created_at,
    },
  ];
}

function createPage({ id, workspace_id, created_by }: Project, random: Random): Document {
  return {
    id: random.uuid(),
    workspace_id,
    issue_id: null,
    project_id: id,
    title: `${random.pick(names.projects)}: notes`,
    created_by,
    ...dates(random),
  };
}

export function createContents(documents: readonly Document[], random: Random): DocumentContent[] {
  return documents.map(({ id, workspace_id, created_by, created_at, updated_at }) => ({
    id: random.uuid(),
    workspace_id,
    document_id: id,
    content: random.pick(names.texts),
    created_by,
    created_at,
    updated_at,
  }));
}

/**
 * What the feature under development made of documents in its first, faulty try: some of the pages, and some
 * descriptions that it should have left alone. The migration is to fill it anew.
 */
export function createDrafts(documents: readonly Document[], random: Random): ContentDraft[] {
  return documents
    .filter(({ project_id }) => random.chance(project_id === null ? 0.05 : 0.6))
    .map(({ id, updated_at }) => ({ document_id: id, version: 1, created_at: updated_at }));
}

export function createDraftEntries(drafts: readonly ContentDraft[]): ContentDraftEntry[] {
  return drafts.flatMap(({ document_id }) => [
    { document_id, position: 1, body: "title, faulty" },
    { document_id, position: 2, body: "content, faulty" },
  ]);
}
