import type { GeneratedKey } from "./generated-key.js";

/** The rows of `pre`, by table. Fields are the schema's columns, so that a row can be loaded as it is. */
export interface Tracker {
  readonly workspace: readonly Workspace[];
  readonly user: readonly User[];
  readonly team: readonly Team[];
  readonly label: readonly Label[];
  readonly project: readonly Project[];
  readonly cycle: readonly Cycle[];
  readonly integration: readonly Integration[];
  readonly issue: readonly Issue[];
  readonly issue_label: readonly IssueLabel[];
  readonly document: readonly Document[];
  readonly document_content: readonly DocumentContent[];
  readonly comment: readonly Comment[];
  readonly reaction: readonly Reaction[];
  readonly notification: readonly Notification[];
  readonly favorite: readonly Favorite[];
  readonly content_draft: readonly ContentDraft[];
  readonly content_draft_entry: readonly ContentDraftEntry[];
}

export type TableName = keyof Tracker;

/** A row as a request gives it: columns left out take their default, and a key may be one not handed out yet. */
export type Fresh<T extends TableName> = {
  readonly [Column in keyof Tracker[T][number]]?: Tracker[T][number][Column] | GeneratedKey;
};

interface Dated {
  readonly created_at: string;
  readonly updated_at: string;
}

interface OfWorkspace {
  readonly id: string;
  readonly workspace_id: string;
}

export interface Workspace extends Dated {
  readonly id: string;
  readonly name: string;
  readonly url_key: string;
  readonly plan: string;
}

export interface User extends OfWorkspace, Dated {
  readonly email: string;
  readonly display_name: string;
  readonly login_subject: string;
  readonly password_hash: string | null;
  readonly last_login_at: string | null;
}

export interface Team extends OfWorkspace, Dated {
  readonly key: string;
  readonly name: string;
  readonly last_issue_number: number;
}

export interface Label extends OfWorkspace {
  readonly name: string;
  readonly color: string;
}

export interface Project extends OfWorkspace, Dated {
  readonly team_id: string;
  readonly lead_id: string | null;
  readonly name: string;
  readonly state: string;
  readonly target_date: string | null;
  readonly created_by: string;
}

export interface Cycle extends OfWorkspace, Dated {
  readonly team_id: string;
  readonly number: number;
  readonly starts_at: string;
  readonly ends_at: string;
}

export interface Integration extends OfWorkspace, Dated {
  readonly service: string;
  readonly access_token: string;
  readonly created_by: string;
}

export interface Issue extends Dated {
  readonly id: number;
  readonly workspace_id: string;
  readonly team_id: string;
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly priority: number;
  /** Text: a number would lose the trailing zero. */
  readonly estimate: string | null;
  readonly parent_id: number | null;
  readonly assignee_id: string | null;
  readonly project_id: string | null;
  readonly cycle_id: string | null;
  readonly description_document_id: string | null;
  readonly subscriber_ids: readonly string[];
  readonly created_by: string;
}

export interface IssueLabel {
  readonly issue_id: number;
  readonly label_id: string;
  readonly added_by: string;
}

export interface Document extends OfWorkspace, Dated {
  readonly issue_id: number | null;
  readonly project_id: string | null;
  readonly title: string;
  readonly created_by: string;
}

export interface DocumentContent extends OfWorkspace, Dated {
  readonly document_id: string;
  readonly content: string;
  readonly created_by: string;
}

export interface Comment extends OfWorkspace, Dated {
  readonly issue_id: number;
  readonly parent_id: string | null;
  readonly body: string;
  readonly integration_id: string | null;
  readonly created_by: string;
}

export interface Reaction {
  readonly id: string;
  readonly comment_id: string;
  readonly user_id: string;
  readonly emoji: string;
  readonly created_at: string;
}

export interface Notification extends Dated {
  readonly id: number;
  readonly workspace_id: string;
  readonly user_id: string;
  readonly issue_id: number;
  readonly comment_id: string | null;
  readonly type: "assigned" | "commented" | "due";
  readonly read_at: string | null;
  readonly created_by: string | null;
}

export interface Favorite extends OfWorkspace {
  readonly user_id: string;
  readonly issue_id: number;
  readonly sort_order: number;
  readonly created_at: string;
}

export interface ContentDraft {
  readonly document_id: string;
  readonly version: number;
  readonly created_at: string;
}

export interface ContentDraftEntry {
  readonly document_id: string;
  readonly position: number;
  readonly body: string;
}
