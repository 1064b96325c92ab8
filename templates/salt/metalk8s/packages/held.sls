{%- for name in pillar['metalk8s']['packages']['held'] %}
{{ ("hold " ~ name) | json }}:
  pkg.held:
    - name: {{ name | json }}
{% endfor %}
