{{- define "p2s.labels" -}}
app.kubernetes.io/name: p2s-gateway-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "p2s.selector" -}}
app.kubernetes.io/name: p2s-gateway-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "p2s.name" -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{/* Whether the operator serves an API through the cluster's API server; its outage would be the cluster's. */}}
{{- define "p2s.servesApi" -}}
{{- if or .Values.sessionsApi.enabled .Values.metricsApi.enabled }}true{{ end }}
{{- end }}

{{- define "p2s.replicas" -}}
{{- if include "p2s.servesApi" . }}{{ max 2 (int .Values.replicas) }}{{ else }}{{ .Values.replicas }}{{ end }}
{{- end }}

{{/* What the operator may do in each namespace that it serves. */}}
{{- define "p2s.workloadRules" -}}
- apiGroups: [p2s.dev]
  resources: [p2sgateways, rootcertificates, clientprofiles]
  verbs: [get, list, watch]
- apiGroups: [p2s.dev]
  resources: [p2sgateways/status, rootcertificates/status, clientprofiles/status]
  verbs: [get, patch, update]
# adds and removes the finalizer that records a revocation
- apiGroups: [p2s.dev]
  resources: [clientprofiles]
  verbs: [patch, update]
- apiGroups: [p2s.dev]
  resources: [p2sgateways/finalizers, clientprofiles/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, update]
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, delete]
# takes a pod whose node has vanished out of service
- apiGroups: [""]
  resources: [pods/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, list, create, patch]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# a gateway's server certificate, where its spec names an issuer of cert-manager
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# a Role for each gateway's agents; they may do no more than read one Secret, which the rules above hold
- apiGroups: [rbac.authorization.k8s.io]
  resources: [roles, rolebindings]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
