def shape: explode | map(if . >= 48 and . <= 57 then 100 else . end) | implode;
def date:
  if (shape | startswith("dddd-dd-ddTdd:dd:dd") and
      (.[19:] | if startswith(".d") then .[1:] | until(startswith("d") | not; .[1:]) else . end
       | . == "Z" or . == "+dd:dd" or . == "-dd:dd"))
  then .[:10] else error("timestamp") end;
def must: if . == null then error("not in the table") else . end;
def text: if type == "string" then . else error("not a text") end;
def scaled: text | tonumber * 10000 | round;
def cents:
  (. % 100) as $rest | ((. - $rest) / 100 | round) as $cents
  | (if $rest > 50 or ($rest == 50 and $cents % 2 == 1) then $cents + 1 else $cents end) / 100;
def maybe($key; value): if . == null then {} else {($key): value} end;
