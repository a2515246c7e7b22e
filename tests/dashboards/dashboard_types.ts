// What a dashboard may look like: Grafana's own types, joined so that what a panel of one type has
// in it is checked as such. What an option leaves out, Grafana fills in. "grafana" is one of those
// in package.json; types_test.py puts in which.
import type {
  AnnotationQuery, Dashboard, FieldConfig, FieldConfigSource, Panel, RowPanel, VariableModel,
} from "grafana/dashboard";
import type * as bargauge from "grafana/bargauge";
import type * as heatmap from "grafana/heatmap";
import type * as prometheus from "grafana/prometheus";
import type * as stat from "grafana/stat";
import type * as statetimeline from "grafana/statetimeline";
import type * as table from "grafana/table";
import type * as timeseries from "grafana/timeseries";
import type * as units from "grafana/units";

// JSON has the text of an enum's member where TypeScript has the member.
type Plain<T> =
  0 extends 1 & T ? T
  : T extends string ? `${T}`
  : T extends object ? {[K in keyof T]: Plain<T[K]>}
  : T;

type Unit = (typeof units)[keyof typeof units];
type DataSource = {type: "prometheus"; uid: "${datasource}"};
// The SDK has the links of a dashboard where those of a field belong.
type DataLink = {title: string; url: string; targetBlank?: boolean};

type Fields<Custom> = Omit<FieldConfigSource, "defaults"> & {
  defaults: Omit<FieldConfig, "unit" | "links" | "custom"> &
    {unit: Unit; links?: DataLink[]; custom?: Partial<Custom>};
};

type Query = ReturnType<typeof prometheus.defaultDataquery>;
type Target = Omit<Query, "_implementsDataqueryVariant" | "datasource">;

type Shown<Type extends string, Options, Custom = never> =
  Omit<Panel, "type" | "title" | "description" | "datasource" | "targets" | "options" |
              "fieldConfig"> & {
    type: Type;
    title: string;
    description: string;
    datasource: DataSource;
    targets: Target[];
    fieldConfig: Fields<Custom>;
    options: Partial<Options>;
  };

type AnyPanel =
  | RowPanel
  | Shown<"bargauge", bargauge.Options>
  | Shown<"heatmap", heatmap.Options, heatmap.FieldConfig>
  | Shown<"stat", stat.Options>
  | Shown<"state-timeline", statetimeline.Options, statetimeline.FieldConfig>
  | Shown<"table", table.Options, table.FieldConfig>
  | Shown<"timeseries", timeseries.Options, timeseries.FieldConfig>;

// Prometheus' own members of an annotation and a variable, which the SDK does not have.
type Annotation = Omit<AnnotationQuery, "datasource"> & {
  datasource: DataSource; expr: string; useValueForTime: boolean; titleFormat: string;
  textFormat: string; tagKeys: string;
};
type Variable = VariableModel & {definition?: string};

export type CheckedDashboard = Plain<
  Omit<Dashboard, "panels" | "annotations" | "templating"> & {
    uid: string;
    title: string;
    panels: AnyPanel[];
    annotations: {list: Annotation[]};
    templating: {list: Variable[]};
  }>;
