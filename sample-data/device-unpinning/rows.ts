/** The rows of `pre`, by table. Fields are the schema's columns, so that a row can be loaded as it is. */
export interface Fleet {
  readonly organization: readonly Organization[];
  readonly user: readonly User[];
  readonly application: readonly Application[];
  readonly release: readonly Release[];
  readonly device: readonly Device[];
  readonly device_tag: readonly DeviceTag[];
  readonly device_environment_variable: readonly DeviceVariable[];
  readonly application_tag: readonly ApplicationTag[];
  readonly audit_entry: readonly AuditEntry[];
}

export interface Organization {
  readonly id: number;
  readonly name: string;
  readonly country: string | null;
  readonly created_at: string;
}

export interface User {
  readonly id: number;
  readonly organization: number;
  readonly username: string;
  readonly email: string;
  readonly is_active: boolean;
  readonly created_at: string;
  readonly modified_at: string;
}

export interface Application {
  readonly id: number;
  readonly organization: number;
  readonly app_name: string;
  readonly device_type: string;
  readonly should_track_latest_release: boolean;
  readonly should_be_running__release: number;
  readonly description: string | null;
  readonly created_at: string;
  readonly modified_at: string;
}

export interface Release {
  readonly id: number;
  readonly belongs_to__application: number;
  readonly commit: string;
  readonly semver: string;
  readonly status: "running" | "success" | "failed";
  readonly created_at: string;
  readonly modified_at: string;
}

export interface Device {
  readonly id: number;
  readonly uuid: string;
  readonly device_name: string;
  readonly belongs_to__application: number;
  readonly is_pinned_on__release: number | null;
  readonly is_running__release: number | null;
  readonly is_online: boolean;
  readonly last_connectivity_event: string | null;
  readonly ip_address: string | null;
  readonly vpn_network: string | null;
  readonly mac_addresses: readonly string[];
  readonly os_version: string | null;
  /** Text: a number would lose the trailing zeros. */
  readonly latitude: string | null;
  readonly longitude: string | null;
  readonly note: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly modified_at: string;
}

export interface DeviceTag {
  readonly device: number;
  readonly tag_key: string;
  readonly value: string;
}

export interface DeviceVariable {
  readonly id: number;
  readonly device: number;
  readonly name: string;
  readonly value: string;
  readonly created_at: string;
  readonly modified_at: string;
}

export interface ApplicationTag {
  readonly application: number;
  readonly tag_key: string;
  readonly value: string;
}

export interface AuditEntry {
  readonly id: number;
  readonly created_at: string;
  readonly actor: number;
  readonly device: number;
  readonly action: "pin" | "unpin";
  readonly release: number | null;
}
