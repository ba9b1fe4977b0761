demarche_test(tracing_test
  SOURCES unit/tracing/exporter_test.cc unit/tracing/item_trace_test.cc unit/tracing/otlp_test.cc unit/tracing/trace_context_test.cc
  LINKS demarche_trace_export demarche_tracing)
